/** A policy over `peopleCsv`: a copy, a pseudonym, an encrypted field with nonces, a generalized one, and columns that stay behind. */
export const PEOPLE_POLICY = `
version: 1
name: people
purpose: test
source: { file: in.csv, format: csv }
sink: { file: out.csv }
subject: id
fields:
  id: { is: account-id, do: pseudonymize, domain: people }
  mobile: { is: cn-mobile, do: encrypt, domain: people }
  birthday: { is: birth-date, do: generalize, to: year }
  city: { do: keep, because: test }
  note: { do: drop }
`;

/** The same fields as JSON lines. */
export const PEOPLE_JSON_POLICY = PEOPLE_POLICY.replace('in.csv, format: csv', 'in.jsonl, format: json');

/** One person; every 50th has a birthday that is none, so that its record goes to quarantine. */
export function person(n: number): Readonly<Record<string, string>> {
  return {
    id: `user-${n}`,
    mobile: `138${String(n).padStart(8, '0')}`,
    birthday: n % 50 === 49 ? 'soon' : `19${50 + (n % 40)}-05-1${n % 10}`,
    city: n % 3 === 0 ? 'Shenzhen, "Nanshan"' : 'Beijing',
    note: `likes\nlines ${n}`,
    secret: `hidden-${n}`,
  };
}

/** CSV text of `count` people with a column that the policy does not name. */
export function peopleCsv(count: number): string {
  const rows = Array.from({ length: count }, (_, n) => Object.values(person(n)).map(quoted).join(','));
  return `${Object.keys(person(0)).join(',')}\n${rows.join('\n')}\n`;
}

/** JSON lines of `count` people. */
export function peopleJson(count: number): string {
  return Array.from({ length: count }, (_, n) => `${JSON.stringify(person(n))}\n`).join('');
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
