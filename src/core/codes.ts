/**
 * The one table of error codes. A code is constant vocabulary: it may appear in logs, metrics labels, quarantine headers and reports.
 * Category decides what the system does (see docs/operations.md): config = refuse to start, record = quarantine and go on,
 * key = pause, transport = bounded retry then pause, safety = stop, denied = refuse, internal = crash before commit.
 */
export type Category = 'config' | 'record' | 'key' | 'transport' | 'safety' | 'denied' | 'internal';

/** What a code means and what its reader should do next. `next` must not depend on data. */
export interface CodeEntry {
  readonly category: Category;
  readonly means: string;
  readonly next: string;
}

const entry = (category: Category, means: string, next: string): CodeEntry => ({ category, means, next });

/** Every code of the product. Codes are never renamed or reused: scripts and alerts depend on them. */
export const CODES = {
  // --- policy and deployment configuration
  POLICY_UNREADABLE: entry('config', 'the policy file cannot be read', 'check the path and permissions'),
  POLICY_TOO_LARGE: entry('config', 'a policy file is larger than 1 MiB', 'split the policy: one file per route'),
  POLICY_SYNTAX: entry('config', 'the file is not valid YAML 1.2', 'correct the YAML at this place'),
  POLICY_DUPLICATE_KEY: entry('config', 'a key is given twice', 'keep one of the two'),
  POLICY_ALIAS: entry('config', 'anchors, aliases and merge keys are refused', 'write the value out'),
  POLICY_UNKNOWN_WORD: entry('config', 'this word is not part of the policy language', 'use one of the listed words'),
  POLICY_MISSING: entry('config', 'a required entry is missing', 'add the entry'),
  POLICY_TYPE: entry('config', 'an entry has the wrong type', 'write the expected type'),
  POLICY_BOUNDS: entry('config', 'a parameter is outside its bounds', 'choose a value inside the bounds'),
  POLICY_NUMERIC_SCALAR: entry(
    'config',
    'a number stands where text is expected',
    'quote it, so that no digit is lost',
  ),
  POLICY_ENV: entry(
    'config',
    'an environment variable named in the file is not set',
    'set the variable or remove the reference',
  ),
  POLICY_SECRET: entry('config', 'a secret stands in the file', 'refer to it by environment variable or file'),
  PATH_SYNTAX: entry('config', 'a field path is malformed', 'see "field paths" in docs/policy-reference.md'),
  PATH_DUPLICATE: entry('config', 'two rules have the same path', 'keep one rule'),
  PATH_OVERLAP: entry('config', 'one rule lies inside or shadows another', 'keep the outer or the inner rule'),
  PATH_UNREACHABLE: entry('config', 'the path can match nothing in this format', 'correct the path'),
  RULE_KEEP_BECAUSE: entry(
    'config',
    '"keep" needs "because" (GB/T 35273 5.2 minimum necessary)',
    'say why the purpose needs this field',
  ),
  RULE_KIND: entry('config', 'the transform does not accept this kind', 'choose another transform or kind'),
  RULE_KIND_MISSING: entry('config', 'the transform needs "is: <kind>"', 'name the kind of the value'),
  RULE_DOMAIN_MISSING: entry(
    'config',
    'the transform needs "domain"',
    'name the domain in which equal tokens may be joined',
  ),
  RULE_UNKEYED_HASH: entry(
    'config',
    'an unkeyed digest of personal data can be reversed by guessing',
    'use the keyed hash',
  ),
  RULE_WEAK: entry('config', 'the rule protects less than it seems', 'see the message'),
  ROUTE_LOOP: entry('config', 'the sink or quarantine equals the source', 'choose another topic or file'),
  ROUTE_PLAINTEXT: entry(
    'config',
    'sensitive fields would cross the network in clear',
    'use TLS, or state "allowPlaintext: <reason>"',
  ),
  ROUTE_CODEC: entry(
    'config',
    'a needed compression codec is not built in',
    'install the library and rebuild node-rdkafka',
  ),
  SCHEMA_MISMATCH: entry(
    'config',
    'the file does not have the columns the policy names',
    'correct the policy or the file',
  ),
  CONFIG_CONFLICT: entry('config', 'two settings contradict each other', 'remove one of them'),
  USAGE: entry('config', 'the command line is not understood', 'see --help'),
  NOT_CHECKED: entry('config', 'a check could not be made', 'give what the message names, or look by hand'),
  FILE_EXISTS: entry('config', 'the file exists and is not overwritten', 'remove it or choose another place'),
  FILE_UNREADABLE: entry('config', 'a file cannot be read', 'check the path and permissions'),
  FILE_UNWRITABLE: entry('config', 'a file cannot be written here', 'check the folder and its permissions'),
  FILE_PERMISSIONS: entry('config', 'a secret file can be read by others', 'chmod 0600'),
  // --- records
  JSON_SYNTAX: entry('record', 'the value is not JSON as RFC 8259 defines it', 'fix the producer'),
  JSON_DUPLICATE_KEY: entry('record', 'an object names one member twice', 'fix the producer'),
  JSON_DEPTH: entry('record', 'the value is nested deeper than the limit', 'raise limits.depth or fix the producer'),
  JSON_UTF8: entry('record', 'the value is not valid UTF-8', 'fix the producer'),
  JSON_NOT_OBJECT: entry('record', 'the top level is not an object', 'fix the producer'),
  CSV_SYNTAX: entry('record', 'the row is not CSV as RFC 4180 defines it', 'fix the file'),
  CSV_RAGGED: entry('record', 'the row has more or fewer cells than the header', 'fix the file'),
  CSV_ENCODING: entry('record', 'the row does not decode in the stated encoding', 'state the right encoding'),
  RECORD_TOO_LARGE: entry(
    'record',
    'the record is larger than the limit',
    'raise limits.recordBytes or fix the producer',
  ),
  RECORD_TOO_MANY_FIELDS: entry(
    'record',
    'the record has more members or spans than the limit',
    'raise limits.members or fix the producer',
  ),
  HEADER_NOT_TEXT: entry(
    'record',
    'a kept header is null or is not text, which this data plane cannot write exactly',
    'drop or transform the header',
  ),
  OUTPUT_TOO_LARGE: entry(
    'record',
    'the de-identified record is larger than the sink accepts',
    'raise max.message.bytes of the sink',
  ),
  VALUE_TYPE: entry(
    'record',
    'the value has a type that the kind does not accept',
    'fix the producer or set onInvalid',
  ),
  VALUE_EMPTY: entry('record', 'the value is empty', 'fix the producer or set onInvalid'),
  VALUE_INVALID: entry('record', 'the value is not a valid value of its kind', 'fix the producer or set onInvalid'),
  VALUE_TOO_LARGE: entry('record', 'the value is larger than the limit', 'raise limits.valueBytes or fix the producer'),
  VALUE_RANGE: entry('record', 'the value lies outside the range of the transform', 'widen the range or set onInvalid'),
  FIELD_UNLISTED: entry(
    'record',
    'a field is not named by the policy (unlisted: quarantine)',
    'add the field to the policy',
  ),
  KEY_MISSING: entry('record', 'the field that makes the output key is absent', 'fix the producer or the policy'),
  SUBJECT_MISSING: entry(
    'record',
    'the subject field is absent, so a per-subject transform cannot run',
    'fix the producer',
  ),
  TOMBSTONE_KEY: entry('record', 'a tombstone cannot be forwarded: the policy has no $key rule', 'add a rule for $key'),
  SAMPLED_OUT: entry('record', 'the record is outside the sample', 'nothing: this is what the policy asks for'),
  EMPTY_RECORD: entry('record', 'the record holds no value', 'fix the producer'),
  // --- keys
  KEY_STORE_MISSING: entry('config', 'there is no key store at this place', 'veil keys init'),
  KEY_STORE_CORRUPT: entry('key', 'the key store is truncated or altered', 'restore the key store from its backup'),
  KEY_STORE_NEWER: entry('key', 'the key store was written by a newer version', 'upgrade veilstream'),
  KEY_STORE_DOWN: entry('key', 'the key store does not answer', 'bring the key store back'),
  KEY_STORE_TEST: entry('safety', 'the store is marked as test', 'use a real key store'),
  KEY_DOMAIN_UNKNOWN: entry('config', 'the key store has no key for this domain', 'veil keys init --domain NAME'),
  KEY_EXISTS: entry('config', 'the key or store exists already', 'nothing was overwritten'),
  KEY_DESTROYED: entry('key', 'the key of this epoch was destroyed', 'nothing: its data is gone by design'),
  KEY_RING_MISSING: entry('config', 'the key ring file is missing', 'veil keys init, or restore the key ring'),
  KEY_UNWRAP: entry(
    'key',
    'a wrapped key does not open: wrong key-encryption key or passphrase, or an altered store',
    'use the right key ring and passphrase',
  ),
  KEY_PASSPHRASE: entry('config', 'the key ring needs a passphrase', 'set VEIL_PASSPHRASE or passphraseFile'),
  KEY_PROVIDER_DOWN: entry('key', 'the key provider does not answer', 'bring the key provider back'),
  KEY_PROVIDER_DENIED: entry('key', 'the key provider refuses', 'check the token and its policy'),
  KEY_STATE: entry(
    'config',
    'this change of a key state is not allowed',
    'rotate first; a destroyed key never comes back',
  ),
  KEY_STORE_FOREIGN: entry('config', 'the file is not a key store', 'correct the path of the key store'),
  KEY_RING_CORRUPT: entry('key', 'the key ring file is truncated or altered', 'restore the key ring from its backup'),
  KEY_CONFLICT: entry('key', 'another process changed the key set at the same time', 'run the command again'),
  DESK_KEY_MISSING: entry(
    'config',
    'no desk public key: quarantined records could not be encrypted',
    'veil-desk keygen',
  ),
  DESK_KEY_INVALID: entry('config', 'the desk key file is malformed or altered', 'restore it, or veil-desk keygen'),
  TOKEN_MALFORMED: entry('record', 'the token does not follow its grammar', 'see docs/formats.md'),
  TOKEN_REFUSED: entry(
    'denied',
    'the token does not open here: altered, or of another field, route or key',
    'use the token where it was made',
  ),
  SEAL_REFUSED: entry(
    'denied',
    'the sealed record does not open: altered, moved, or sealed to another desk key',
    'use the desk key it was sealed to',
  ),
  // --- transport
  BROKER_DOWN: entry('transport', 'the broker does not answer', 'check brokers and listeners'),
  BROKER_AUTH: entry('transport', 'the broker refuses the credentials', 'check sasl and tls settings'),
  BROKER_DENIED: entry('denied', 'the principal may not do this', 'grant the rights that docs/operations.md lists'),
  TOPIC_MISSING: entry('config', 'a topic does not exist', 'create the topic'),
  TXN_ABORTABLE: entry('transport', 'the transaction was aborted and is tried again', 'nothing'),
  TXN_FENCED: entry(
    'safety',
    'another instance took over this transactional id',
    'give each instance its own instance id',
  ),
  TXN_UNKNOWN: entry('transport', 'the outcome of a commit is not known; the producer is made anew', 'nothing'),
  OFFSET_LOST: entry(
    'safety',
    'records were deleted before they were read',
    'set the offsets of the group on purpose (kafka-consumer-groups --reset-offsets), then start again',
  ),
  ASSIGNMENT_LOST: entry('transport', 'partitions were lost; the open transaction was aborted', 'nothing'),
  DISK_FULL: entry('safety', 'a local file could not be written', 'free disk space'),
  // --- safety
  FAILURE_RATE: entry(
    'safety',
    'too many records failed',
    'look at the codes in quarantine; raise limits.failureRate only with a reason',
  ),
  QUARANTINE_TOO_SMALL: entry(
    'safety',
    'a sealed record does not fit into the quarantine topic',
    'raise max.message.bytes of the quarantine topic',
  ),
  INPUT_CHANGED: entry('safety', 'the input changed while it was read', 'start again without --resume'),
  CHECKPOINT_INVALID: entry('safety', 'the checkpoint does not belong to this job', 'start again without --resume'),
  // --- internal
  INTERNAL: entry('internal', 'an assumption of the program does not hold', 'report this with the code and place'),
  TRANSFORM_UNSAFE: entry('internal', 'a transform broke its contract', 'report this with the transform and place'),
} as const satisfies Record<string, CodeEntry>;

/** A code of the table. */
export type Code = keyof typeof CODES;

/** Process exit status for each category (DESIGN 9): 2 usage or config, 3 dependency down, 4 safety stop, 5 denied, 1 findings. */
export const EXIT_STATUS: Readonly<Record<Category, number>> = {
  config: 2,
  record: 1,
  key: 3,
  transport: 3,
  safety: 4,
  denied: 5,
  internal: 4,
};
