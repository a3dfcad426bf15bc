// For webui/src/api/types.test.ts.
export const PASSWORD: string;
export const LINK: string;
export interface Mock {
  origin: string;
  stop(): Promise<void>;
}
export function startMock(options: { page: string; world?: string; session?: string }): Promise<Mock>;
