// Which files each fetching node of the morning takes in, and by what they are checked. One line per node; files of an exchange are taken in where
// the house has its chain.
import type { Chain } from '../../graph/node-row.ts';
import type { NodeBody } from '../../runner/index.ts';
import { readHouse } from '../end-of-day/house.ts';
import { type FetchParts, type FileRole, fetchBody, fileRole } from '../fetch-file.ts';
import { ddpiCheck, obligationsCheck, pledgeCheck, positionsCheck, transmissionsCheck } from './carried-checks.ts';
import { corporateActionsCheck } from './corporate-actions.ts';
import {
  approvedSecuritiesCheck,
  bansCheck,
  bhavcopyBeforeCheck,
  bseContractsCheck,
  bsePriceBandsCheck,
  commodityMarginsCheck,
  contractsCheck,
  currencyContractsCheck,
  exposureCheck,
  holidaysCheck,
  membersCheck,
  priceBandsCheck,
  scripsCheck,
  securitiesCheck,
  settlementPricesCheck,
  spanCheck,
  surveillanceCheck,
  varCheck,
} from './exchange-checks.ts';

/** Bodies by node id. */
export function fetchNodes(parts: FetchParts): Readonly<Record<string, NodeBody>> {
  return {
    'BOD-EX-HOLIDAY_CAL': fetchBody(parts, fileRole('holidays', holidaysCheck)),
    'BOD-EX-CONTRACT_CM': ofChain(parts, {
      CM: [fileRole('securities', securitiesCheck), fileRole('corporate-actions', corporateActionsCheck)],
      BSE: [fileRole('scrips-bse', scripsCheck)],
    }),
    'BOD-EX-CONTRACT_FO': ofChain(parts, {
      FO: [fileRole('contracts-fo', contractsCheck), fileRole('bans', bansCheck)],
      BFO: [fileRole('contracts-bfo', bseContractsCheck)],
    }),
    'BOD-EX-CONTRACT_CD': fetchBody(parts, fileRole('contracts-cd', currencyContractsCheck)),
    'BOD-CC-SPAN_SCANRANGE': ofHouse(
      parts,
      [
        fileRole('span', spanCheck),
        fileRole('elm', exposureCheck),
        fileRole('elm-contracts', exposureCheck),
        fileRole('var', varCheck),
        fileRole('approved-securities', approvedSecuritiesCheck),
      ],
      {
        BFO: [fileRole('span-iccl', spanCheck)],
        CD: [fileRole('span-cd', spanCheck)],
        COM: [fileRole('span-com', spanCheck), fileRole('commodity-margins', commodityMarginsCheck)],
      },
    ),
    'BOD-CC-MTM_T1': ofHouse(
      parts,
      [
        fileRole('settlement-prices-before', settlementPricesCheck),
        fileRole('bhavcopy-cm-before', bhavcopyBeforeCheck),
        fileRole('bhavcopy-fo-before', bhavcopyBeforeCheck),
        fileRole('positions-fo-before', positionsCheck),
      ],
      {
        BSE: [fileRole('bhavcopy-bse-before', bhavcopyBeforeCheck)],
        BFO: [fileRole('bhavcopy-bfo-before', bhavcopyBeforeCheck), fileRole('positions-bfo-before', positionsCheck)],
        CD: [fileRole('bhavcopy-cd-before', bhavcopyBeforeCheck), fileRole('positions-cd-before', positionsCheck)],
        COM: [fileRole('bhavcopy-com-before', bhavcopyBeforeCheck), fileRole('positions-com-before', positionsCheck)],
      },
    ),
    'BOD-EX-CIRCUIT_FILTER': ofHouse(parts, [fileRole('price-bands', priceBandsCheck)], {
      BSE: [fileRole('price-bands-bse', bsePriceBandsCheck)],
    }),
    'BOD-EX-MEMBER_FILES': ofHouse(parts, [fileRole('members', membersCheck)], { BSE: [fileRole('members-bse', membersCheck)] }),
    'BOD-DP-OBLIGATION_T1': fetchBody(parts, fileRole('obligation-cm-before', obligationsCheck)),
    'BOD-DP-PLEDGE_STATUS': fetchBody(parts, fileRole('pledge-status', pledgeCheck)),
    'BOD-DP-DDPI_STATUS': fetchBody(parts, fileRole('ddpi-status', ddpiCheck)),
    'BOD-DP-TRANSMISSION': fetchBody(parts, fileRole('transmissions', transmissionsCheck)),
    'BOD-SURV-GSM_LIST': fetchBody(parts, fileRole('gsm', surveillanceCheck)),
    'BOD-SURV-ASM_LIST': fetchBody(parts, fileRole('asm', surveillanceCheck)),
    'BOD-SURV-T2T_LIST': fetchBody(parts, fileRole('t2t', surveillanceCheck)),
  };
}

type RolesOf = Readonly<Partial<Record<Chain, readonly FileRole[]>>>;

/** Body of a node that has an instance for each chain: the files of its own. */
const ofChain =
  (parts: FetchParts, roles: RolesOf): NodeBody =>
  (context) =>
    fetchBody(parts, ...((context.segment === undefined ? undefined : roles[context.segment]) ?? []))(context);

/** Body of a node of the whole day: its files, and those of further chains the house trades in. */
const ofHouse =
  (parts: FetchParts, roles: readonly FileRole[], further: RolesOf): NodeBody =>
  (context) =>
    fetchBody(parts, ...roles, ...readHouse(parts.dataDirectory).traded.flatMap((chain) => further[chain] ?? []))(context);
