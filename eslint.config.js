import tseslint from 'typescript-eslint';

/** Only rules that need types: a lost promise is a lost record. Everything else is biome's. */
export default tseslint.config({
  files: ['{src,transforms,bench,scripts,tests}/**/*.ts'],
  // AssemblyScript is checked by its own compiler: npm run build.
  ignores: ['src/kernel/wasm/assembly/**'],
  languageOptions: {
    parser: tseslint.parser,
    parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
  },
  linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'off' },
  plugins: { '@typescript-eslint': tseslint.plugin },
  rules: {
    '@typescript-eslint/no-floating-promises': 'error',
    '@typescript-eslint/no-misused-promises': 'error',
    '@typescript-eslint/await-thenable': 'error',
    '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  },
});
