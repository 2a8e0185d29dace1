// Test files share a process: a variable that one sets for itself would be a credential in the next one.
import { afterAll, vi } from 'vitest';

afterAll(() => void vi.unstubAllEnvs());
