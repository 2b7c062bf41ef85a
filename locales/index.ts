// Beadle's sentences by language. English is complete and stands in for what another language lacks; a new language is a
// file beside en.json and a line in `languages`.
import i18next from 'i18next';
import en from './en.json' with { type: 'json' };

const languages = { en };

/** The paths of all sentences, without the suffixes by which i18next tells singular and plural. */
type Paths<Tree, Prefix extends string = ''> = {
  [Name in keyof Tree & string]: Tree[Name] extends string ? `${Prefix}${WithoutPlural<Name>}` : Paths<Tree[Name], `${Prefix}${Name}.`>;
}[keyof Tree & string];
type WithoutPlural<Name extends string> = Name extends `${infer Stem}_${'zero' | 'one' | 'two' | 'few' | 'many' | 'other'}` ? Stem : Name;

export type SentenceKey = Paths<typeof en>;

/** A sentence with its values put in as they are: escaping is the business of whoever shows it. */
export type Translate = (key: SentenceKey, values?: Readonly<Record<string, string | number>>) => string;

const sentences = i18next.createInstance();
void sentences.init({
  initAsync: false,
  fallbackLng: 'en',
  resources: Object.fromEntries(Object.entries(languages).map(([language, tree]) => [language, { translation: tree }])),
  interpolation: { escapeValue: false },
});

const translators = new Map<string, Translate>();

/** The sentences for a locale (BCP 47): of its language where there are any, else English. */
export function translator(locale: string): Translate {
  let translate = translators.get(locale);
  if (!translate) {
    const fixed = sentences.getFixedT(locale);
    translate = (key, values = {}) => fixed(key, values);
    translators.set(locale, translate);
  }
  return translate;
}
