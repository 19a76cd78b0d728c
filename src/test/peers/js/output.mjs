// Events and results: one JSON object per line on standard output.
import { writeSync } from 'node:fs'

export function emit (event, fields) {
  // Synchronous, so that the last line is out when the process ends.
  let line = Buffer.from(JSON.stringify({ event, ...fields }) + '\n')
  while (line.length > 0) {
    try {
      line = line.subarray(writeSync(1, line))
    } catch (err) {
      // A full pipe; its reader will catch up.
      if (err.code !== 'EAGAIN') throw err
    }
  }
}
