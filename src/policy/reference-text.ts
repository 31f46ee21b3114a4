/** How field paths are written. */
export const PATHS_TEXT = `## Field paths

| path | matches |
| --- | --- |
| \`user.id\` | member \`id\` of object \`user\`; in CSV the column of this name |
| \`items[].sku\` | member \`sku\` of every element of array \`items\` |
| \`tags.*\` | every member of \`tags\` that no other rule names at this level |
| \`'"odd name".x'\` | names with other characters than letters, digits, \`_\`, \`@\`, \`#\`, \`-\`, \`$\`: a JSON string (inside a YAML string) |
| \`$key\` | the Kafka key |
| \`$headers.trace\` | the Kafka header \`trace\` |

What no path names is dropped at every depth, headers and key included, or sends the record to quarantine (\`unlisted: quarantine\`).
Two rules may not cover one value: a path inside another, or given twice, is refused. A name beside \`*\` wins over it.
\`subject\`, \`key\` and \`eventTime\` are paths of one value each, without \`[]\` and \`*\`.`;

/** What a rule may hold whatever its transform. */
export const RULES_TEXT = `## Rules

\`path: { is: KIND, do: TRANSFORM, … }\`

| entry | meaning |
| --- | --- |
| \`do\` | the transform; required |
| \`is\` | the kind of the value: its normal form, validity and mask |
| \`because\` | why the purpose needs the field; required by \`keep\` (GB/T 35273 5.2) |
| \`domain\` | keyed transforms: where equal values may be joined. Without it a result can be joined with nothing but the same field of the same policy |
| \`onInvalid\` | what happens to a value that kind or transform refuse: \`quarantine\` the record (default), \`redact\` the value, \`drop-field\` |

\`\${NAME}\` and \`\${NAME:default}\` stand for environment variables inside text values, never for names or structure.
Files over 1 MiB, anchors, aliases, merge keys, tags, duplicate keys and secrets in clear are refused.`;

/** How policy tests are written. */
export const TESTS_TEXT = `## Policy tests

\`tests:\` of a policy names a file of records and what must become of them. \`veil test\` runs them through the real pipeline with
keys that exist only for the run. Values of tests are made up by the author and are printed when a test fails.

\`\`\`yaml
tests:
  - name: a complete order
    key: u-1                                   # optional; headers: { NAME: text } too
    record: { id: u-1, name: 张三, mobile: "13800138000" }   # or value: '<text>', or tombstone: true
    expect:
      outcome: forward                         # forward (default), drop, quarantine; then also code and path
      fields:
        id: token                              # a token of hash, pseudonymize or encrypt
        name: 张*                              # exactly this
        mobile: { matches: '^1[3-9]\\d{9}$' }
        nickname: absent
        $key: { same as: id }                  # differs from: PATH; in: NAME of another test
      others: absent                           # fields that are not listed: absent (default) or allowed
      not_contains_input: true                 # default: no direct identifier of the input may occur in the output
\`\`\`

Paths of \`fields\` may carry indexes (\`items[0].sku\`); \`items[].sku\` must hold for every element. \`{ equals: token }\` means the word itself.`;
