// What the demo campus teaches: departments, and per year four theory subjects with one or two labs that go with them.

interface DepartmentPlan {
  readonly code: string;
  readonly name: string;
  /** Two letters of roll numbers and subject codes. */
  readonly letters: string;
  readonly labEquipment: string;
  /** Four subjects a year, first year first. */
  readonly subjects: readonly string[];
}

export interface SubjectPlan {
  readonly code: string;
  readonly mnemonic: string;
  readonly name: string;
  readonly type: 'theory' | 'lab';
  /** Periods a week: single ones for theory, one block for a lab. */
  readonly periods: number;
}

/** In the order in which a growing campus gets them. */
export const DEPARTMENTS: readonly DepartmentPlan[] = [
  department('CSE', 'CS', 'Computer Science and Engineering', 'computers', [
    'Programming in C', 'Discrete Mathematics', 'Engineering Physics', 'Technical English',
    'Data Structures', 'Computer Organisation', 'Probability and Statistics', 'Digital Logic',
    'Operating Systems', 'Database Systems', 'Theory of Computation', 'Software Engineering',
    'Compiler Design', 'Machine Learning', 'Distributed Systems', 'Information Security',
  ]),
  department('ECE', 'EC', 'Electronics and Communication Engineering', 'oscilloscopes', [
    'Basic Electronics', 'Circuit Theory', 'Calculus', 'Communication Skills',
    'Analog Circuits', 'Signals and Systems', 'Digital Electronics', 'Electromagnetic Fields',
    'Microcontrollers', 'Communication Systems', 'Control Engineering', 'Linear Integrated Circuits',
    'VLSI Design', 'Wireless Networks', 'Digital Image Processing', 'Optical Communication',
  ]),
  department('MECH', 'ME', 'Mechanical Engineering', 'machine tools', [
    'Workshop Practice', 'Engineering Mechanics', 'Engineering Chemistry', 'Linear Algebra',
    'Thermodynamics', 'Fluid Mechanics', 'Strength of Materials', 'Manufacturing Processes',
    'Heat Transfer', 'Machine Design', 'Kinematics of Machines', 'Metrology',
    'Mechatronics', 'Finite Element Methods', 'Automobile Engineering', 'Operations Research',
  ]),
  department('EEE', 'EE', 'Electrical and Electronics Engineering', 'electrical machines', [
    'Basic Electrical Engineering', 'Network Analysis', 'Differential Equations', 'Engineering Graphics',
    'Electrical Machines', 'Measurements', 'Electronic Devices', 'Numerical Methods',
    'Power Electronics', 'Power Systems', 'Control Systems', 'Renewable Energy',
    'Electric Drives', 'High Voltage Engineering', 'Smart Grids', 'Energy Management',
  ]),
  department('CIVIL', 'CE', 'Civil Engineering', 'surveying instruments', [
    'Engineering Drawing', 'Building Materials', 'Environmental Science', 'Vector Calculus',
    'Surveying', 'Mechanics of Solids', 'Hydraulics', 'Construction Technology',
    'Geotechnical Engineering', 'Structural Analysis', 'Transportation Engineering', 'Water Supply',
    'Concrete Structures', 'Earthquake Engineering', 'Project Planning', 'Remote Sensing',
  ]),
  department('IT', 'IT', 'Information Technology', 'computers', [
    'Problem Solving with Python', 'Introduction to Computing', 'Algebra', 'Professional Communication',
    'Object-Oriented Programming', 'Computer Architecture', 'Statistics', 'Data Communication',
    'Web Technology', 'Computer Networks', 'Design of Algorithms', 'Human-Computer Interaction',
    'Cloud Computing', 'Data Mining', 'Mobile Computing', 'Software Testing',
  ]),
  department('AIDS', 'AD', 'Artificial Intelligence and Data Science', 'computers', [
    'Foundations of Programming', 'Mathematics for Data Science', 'Physics of Devices', 'Academic Writing',
    'Algorithms', 'Data Engineering', 'Linear Models', 'Knowledge Representation',
    'Deep Learning', 'Natural Language Processing', 'Optimisation', 'Data Ethics',
    'Computer Vision', 'Reinforcement Learning', 'Big Data Systems', 'Time Series',
  ]),
  department('CHEM', 'CH', 'Chemical Engineering', 'reactors', [
    'General Chemistry', 'Process Calculations', 'Biology for Engineers', 'Matrices and Calculus',
    'Fluid Flow Operations', 'Chemical Thermodynamics', 'Organic Chemistry', 'Material Science',
    'Mass Transfer', 'Reaction Engineering', 'Process Control', 'Process Safety',
    'Plant Design', 'Polymer Technology', 'Biochemical Engineering', 'Petroleum Refining',
  ]),
];

/** The subjects of one year (1 to 4). Second and third years have two labs, the others one: 16 to 18 periods a week. */
export function subjectsOfYear({ letters, subjects }: DepartmentPlan, year: number): SubjectPlan[] {
  const names = subjects.slice(4 * (year - 1), 4 * year);
  const theory = names.map((name, index): SubjectPlan => ({
    code: `${letters}${year}0${index + 1}`,
    mnemonic: initials(name),
    name,
    type: 'theory',
    periods: index < 2 ? 4 : 3,
  }));
  const labs = theory.slice(0, year === 2 || year === 3 ? 2 : 1).map(
    ({ code, mnemonic, name }): SubjectPlan => {
      return { code: `${code}L`, mnemonic: `${mnemonic} Lab`, name: `${name} Laboratory`, type: 'lab', periods: 2 };
    },
  );
  return [...theory, ...labs];
}

function initials(name: string): string {
  const letters = name.split(/[ -]/).filter((word) => /^[A-Z]/.test(word)).map((word) => word[0]);
  return letters.length > 1 ? letters.join('') : name.slice(0, 4).toUpperCase();
}

function department(code: string, letters: string, name: string, labEquipment: string, subjects: readonly string[]): DepartmentPlan {
  return { code, name, letters, labEquipment, subjects };
}
