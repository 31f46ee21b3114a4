/** `npm run demo`: set-up, then dist/scripts/demo.js. Without a broker the demo goes on with files only. */
import { asProgram, containerEngineRuns, setUp } from './setup.mjs';
import { run, SetUpError, say } from './steps.mjs';

await asProgram(async () => {
  await setUp();
  try {
    if (!containerEngineRuns()) await setUp({ broker: true });
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    say(`no broker, the demo goes on with files only: ${error.message}`);
  }
  const { ok } = await run(process.execPath, ['dist/scripts/demo.js']);
  return ok ? 0 : 1;
});
