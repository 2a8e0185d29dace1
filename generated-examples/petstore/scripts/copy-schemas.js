// Puts the schema data beside the compiled code that reads it.
import { copyFileSync, readdirSync } from 'node:fs';

for (const file of readdirSync('src')) {
  if (file.endsWith('.schemas.json')) copyFileSync(`src/${file}`, `dist/${file}`);
}
