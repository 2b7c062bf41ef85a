// What a good timetable is: six parts of quality, and the five ways of weighing them that a registrar chooses among.

/** Shares of the quality score that its parts have; they add up to 1. */
export interface QualityWeights {
  readonly facultyPreference: number;
  readonly compactness: number;
  readonly roomUse: number;
  readonly workloadBalance: number;
  readonly peakSpread: number;
  readonly continuity: number;
}

export type QualityPart = keyof QualityWeights;

export const qualityParts = ['facultyPreference', 'compactness', 'roomUse', 'workloadBalance', 'peakSpread', 'continuity'] as const satisfies readonly QualityPart[];

export interface Variant {
  readonly name: string;
  readonly weights: QualityWeights;
}

const variant = (name: string, ...[facultyPreference, compactness, roomUse, workloadBalance, peakSpread, continuity]: [number, number, number, number, number, number]): Variant => ({
  name, weights: { facultyPreference, compactness, roomUse, workloadBalance, peakSpread, continuity },
});

/** The variants of a job, each solved for itself. */
export const variants: readonly Variant[] = [
  variant('Balanced', 0.2, 0.25, 0.15, 0.2, 0.1, 0.1),
  variant('Faculty-First', 0.4, 0.15, 0.1, 0.2, 0.08, 0.07),
  variant('Student-Compact', 0.1, 0.4, 0.1, 0.15, 0.15, 0.1),
  variant('Room-Efficient', 0.15, 0.15, 0.35, 0.15, 0.1, 0.1),
  variant('Workload-Balanced', 0.15, 0.15, 0.1, 0.35, 0.15, 0.1),
];
