// The section `alerts` of tarazu.json: how bad is bad, and who else is told.
import { z } from 'zod';
import { isLoopback } from '../loopback.ts';

/** Thresholds, each with a default that suits a broker of some thousand clients, and the webhook. */
export interface AlertConfig {
  /** Minutes after which the SPAN file in force is old while the day is open. */
  readonly parametersMaxAgeMinutes: number;
  /** Commands a restart would fold again. */
  readonly checkpointLagCommands: number;
  /** Rejections of one code within a minute. */
  readonly rejectsPerMinute: number;
  /** Seconds a FIX session that was up before may be down. */
  readonly sessionDownSeconds: number;
  /** MiB that must be free where the journal is. */
  readonly diskFreeMiB: number;
  readonly webhook?:
    | {
        readonly url: string;
        /** File with the secret, "whsec_" and base64, as Standard Webhooks write it. */
        readonly secretFile: string;
        /** Alerts name accounts: another machine is told only when this says so. */
        readonly allowRemote: boolean;
      }
    | undefined;
}

const webhook = z
  .strictObject({ url: z.url({ protocol: /^https?$/ }), secretFile: z.string().min(1), allowRemote: z.boolean().default(false) })
  .refine(({ url, allowRemote }) => allowRemote || isLoopback(new URL(url).hostname), {
    message: 'is not on this machine: set allowRemote to send alerts away',
    path: ['url'],
  });

/** Checks the section and fills its defaults. */
export const alertConfig: z.ZodType<AlertConfig> = z.strictObject({
  parametersMaxAgeMinutes: z.number().min(1).max(10_080).default(240),
  checkpointLagCommands: z.int().min(1_000).default(500_000),
  rejectsPerMinute: z.int().min(1).default(600),
  sessionDownSeconds: z.number().min(1).max(86_400).default(30),
  diskFreeMiB: z.int().min(0).default(1_024),
  webhook: webhook.optional(),
});

/** The section with its paths made absolute. */
export function withAlertPaths(config: AlertConfig, absolute: (path: string) => string): AlertConfig {
  return config.webhook === undefined ? config : { ...config, webhook: { ...config.webhook, secretFile: absolute(config.webhook.secretFile) } };
}
