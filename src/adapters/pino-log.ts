import { pino } from 'pino';
import type { Log } from '../core/ports.js';
import type { LogLevel } from '../policy/deployment.js';

/** Where log lines go: one JSON document per line. */
export interface LogStream {
  write(line: string): void;
}

/**
 * A log of JSON lines. The event is the message; fields are codes, names, counts and coordinates (see `LogFields`). Nothing is
 * added by itself but level and time: no host name, no process id, no serialized errors.
 */
export function openPinoLog(level: LogLevel, stream: LogStream): Log {
  const options = { level, base: null, messageKey: 'event', timestamp: pino.stdTimeFunctions.isoTime };
  const logger = pino({ ...options, formatters: { level: label => ({ level: label }) } }, stream);
  return {
    info: (event, fields = {}) => logger.info(fields, event),
    warn: (event, fields = {}) => logger.warn(fields, event),
    error: (event, fields = {}) => logger.error(fields, event),
  };
}
