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

/** A sentence of the pages. */
export type PageSentence = Extract<SentenceKey, `pages.${string}`>;

/** A sentence with its values put in as they are: escaping is the business of whoever shows it. */
export type Translate = (key: SentenceKey, values?: Readonly<Record<string, string | number>>) => string;

const sentences = i18next.createInstance();
void sentences.init({
  initAsync: false,
  fallbackLng: 'en',
  resources: Object.fromEntries(Object.entries(languages).map(([language, tree]) => [language, { translation: tree }])),
  interpolation: { escapeValue: false },
});

const PAGES = 'pages.';

const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ks', 'sd', 'ug', 'ur']);

/** What a page for a locale says of its language (HTML's `lang` and `dir`): that of the sentences, which may be English instead. */
export function languageOf(locale: string): { lang: string; dir: 'ltr' | 'rtl' } {
  const { language } = new Intl.Locale(locale);
  return { lang: language in languages ? locale : 'en', dir: language in languages && RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr' };
}

/** All sentences of the pages for a locale, by their names below `pages`, the places of their values still in them as `{{name}}`. */
export function pageSentences(locale: string): Record<string, string> {
  const translate = sentences.getFixedT(locale);
  return Object.fromEntries(Object.keys(en.pages).map((name) => [name, translate(PAGES + name, { skipInterpolation: true })]));
}

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
