/** `npm run bench [-- --short]`: set-up, then every question of bench/ in one run; writes bench/RESULTS.md. */
import { asProgram, setUp } from './setup.mjs';
import { run } from './steps.mjs';

await asProgram(async () => {
  await setUp({ broker: true });
  const { ok } = await run(process.execPath, ['dist/bench/main.js', ...process.argv.slice(2)]);
  return ok ? 0 : 1;
});
