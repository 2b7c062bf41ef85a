// People's names for the demo campus, in the scripts and shapes that a campus really has.

import type { Random } from './random.ts';

interface NameStyle {
  readonly given: readonly string[];
  readonly family: readonly string[];
  /** How given and family name become one; a mononym has no family name. */
  readonly join: (given: string, family: string) => string;
  /** How many of a hundred people, roughly. */
  readonly share: number;
}

const words = (text: string): string[] => text.split(' ');
const givenFirst = (given: string, family: string): string => `${given} ${family}`;

const STYLES: readonly NameStyle[] = [
  {
    given: words('Aarav Aditi Akash Ananya Arjun Bhavya Chirag Deepika Divya Esha Farhan Gauri Harish Ishaan Jaya Karthik Kavya Lakshmi Manish Meera Nikhil Nisha Omkar Pooja Pranav Priya Rahul Riya Rohan Sakshi Sanjay Shreya Siddharth Sneha Tanvi Tarun Uma Varun Vidya Yash Zoya'),
    family: words('Agarwal Banerjee Bhat Chatterjee Chauhan Das Deshpande Fernandes Ghosh Gupta Hegde Iyer Jain Joshi Kapoor Khan Kulkarni Menon Mehta Mishra Mukherjee Naidu Nair Pandey Patel Pillai Rao Rathore Reddy Roy Sethi Shah Sharma Shetty Singh Thomas Varma Verma Yadav'),
    join: givenFirst,
    share: 56,
  },
  { given: words('आरव अनन्या दिव्या गौरी हर्ष ईशान कविता मनीष नेहा पूजा राहुल संध्या'), family: words('शर्मा वर्मा मिश्रा पाटील जोशी कुलकर्णी त्रिपाठी यादव'), join: givenFirst, share: 11 },
  { given: words('அருண் பிரியா கார்த்திக் மீனாட்சி செல்வி முருகன் தமிழரசி வெற்றி'), family: words('சுப்பிரமணியன் இராமன் கண்ணன் பாண்டியன் நடராஜன்'), join: givenFirst, share: 9 },
  { given: words('عائشہ فاطمہ حمزہ عمران نور زینب یوسف'), family: words('خان انصاری صدیقی قریشی میر'), join: givenFirst, share: 6 },
  { given: words('伟 芳 娜 静 丽 强 磊 洋'), family: words('王 李 张 刘 陈 杨 赵'), join: (given, family) => family + given, share: 5 },
  { given: words('José Zoë Łukasz Søren Françoise Jürgen Ngọc Çağla'), family: words('Müller Núñez Dvořák Åström Lefèvre Nguyễn Öztürk Kovačić'), join: givenFirst, share: 6 },
  { given: words("Aoife Brendan D'Arcy Siobhán Niamh"), family: words("O'Brien D'Souza O'Connor D'Mello M'Bala"), join: givenFirst, share: 4 },
  { given: words('Sukanya Thirumalai Wangchuk Nandini Suharto'), family: [''], join: (given) => given, share: 3 },
];

/** Different kinds of names that there are; the first so many persons of a list should have one each. */
export const NAME_STYLES = STYLES.length;

/** A person's name: in the given style (from 0, below NAME_STYLES), else in a style drawn by its share. */
export function personName(random: Random, styleNumber?: number): string {
  const style = STYLES[styleNumber ?? -1] ?? styleByShare(random);
  return style.join(random.pick(style.given), random.pick(style.family));
}

function styleByShare(random: Random): NameStyle {
  let left = random.below(STYLES.reduce((sum, { share }) => sum + share, 0));
  return STYLES.find(({ share }) => (left -= share) < 0)!;
}
