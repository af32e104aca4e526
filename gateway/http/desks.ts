// What the routes stand on: the desks of the risk side, and the texts and figures made elsewhere. A desk that is not there has no routes.
import type { AlertStore } from '../alerts/alert.ts';
import type { ChargesBasis } from '../kite/charges-route.ts';
import type { FeedDesk } from '../market-data/feed-view.ts';
import type { BasketDesk } from '../risk/basket-desk.ts';
import type { ClientDesk } from '../risk/client-desk.ts';
import type { CollateralDesk } from '../risk/collateral-desk.ts';
import type { ConversionDesk } from '../risk/conversion-desk.ts';
import type { EarlyPayInDesk } from '../risk/early-pay-in-desk.ts';
import type { FundingDesk } from '../risk/funding-desk.ts';
import type { GatewayDesk } from '../risk/gateway-desk.ts';
import type { HouseDesk } from '../risk/house-desk.ts';
import type { InstrumentDesk } from '../risk/instrument-desk.ts';
import type { KillDesk } from '../risk/kill-desk.ts';
import type { LimitDesk } from '../risk/limit-desk.ts';
import type { MemberWatch } from '../risk/member-watch.ts';
import type { OrderDesk } from '../risk/order-desk.ts';
import type { PreviewDesk } from '../risk/preview-desk.ts';
import type { SegmentDesk } from '../risk/segment-desk.ts';
import type { SessionDesk } from '../risk/session-desk.ts';
import type { SliceDesk } from '../risk/slice-desk.ts';
import type { SnapshotDesk } from '../risk/snapshot-desk.ts';
import type { SquareOffDesk } from '../risk/square-off-desk.ts';

export interface Desks {
  readonly gateway: GatewayDesk;
  readonly clients: ClientDesk;
  readonly limits: LimitDesk;
  readonly orders: OrderDesk;
  readonly baskets: BasketDesk;
  readonly previews: PreviewDesk;
  readonly house: HouseDesk;
  readonly kills: KillDesk;
  readonly segments: SegmentDesk;
  readonly snapshots: SnapshotDesk;
  readonly squareOff: SquareOffDesk;
  readonly conversions: ConversionDesk;
  readonly earlyPayIns: EarlyPayInDesk;
  readonly fundings: FundingDesk;
  readonly collateral: CollateralDesk;
  readonly member: MemberWatch;
  readonly slices: SliceDesk;
  readonly sessions: SessionDesk;
  readonly instruments: InstrumentDesk;
  /** Rates, plan and states that charges depend on. */
  readonly charges: ChargesBasis;
  readonly alerts?: AlertStore | undefined;
  readonly feed?: FeedDesk | undefined;
}

/** Texts served as they are. */
export interface Pages {
  readonly rulesOfEngagement: string;
  metrics(): Promise<string>;
}
