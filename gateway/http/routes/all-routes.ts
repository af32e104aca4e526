// Every route of the gateway, in the order in which a path is looked for: literal paths stand before those with a parameter in the same place.
import { chargesRoute } from '../../kite/charges-route.ts';
import { clientChargesRoute } from '../../kite/client-charges.ts';
import { kiteMarginRoutes } from '../../kite/margin-routes.ts';
import type { Desks, Pages } from '../desks.ts';
import { type OpenApiDocument, openApiDocument } from '../openapi.ts';
import { type Route, route } from '../route.ts';
import { clientRoutes } from './client-routes.ts';
import { collateralRoutes } from './collateral-routes.ts';
import { conversionRoute } from './conversion-route.ts';
import { earlyPayInRoute } from './early-pay-in-route.ts';
import { fundingRoutes } from './funding-routes.ts';
import { dayRoutes, houseRoutes } from './house-routes.ts';
import { killRoutes } from './kill-routes.ts';
import { limitRoutes } from './limit-routes.ts';
import { marginExplainRoute } from './margin-explain.ts';
import { marginForecastRoute } from './margin-forecast.ts';
import { marginPreviewRoute } from './margin-preview.ts';
import { marginRoutes } from './margin-routes.ts';
import { openRoutes } from './open-routes.ts';
import { orderRoutes } from './order-routes.ts';
import { segmentRoutes } from './segment-routes.ts';
import { snapshotRoutes } from './snapshot-routes.ts';
import { squareOffRoutes } from './square-off-routes.ts';
import { watchRoutes } from './watch-routes.ts';

/** The routes, the document that describes them among them. */
export function allRoutes(desks: Desks, pages: Pages): Route[] {
  let document: OpenApiDocument | undefined;
  const described = route({
    method: 'GET',
    path: '/openapi.json',
    summary: 'This document',
    tag: 'gateway',
    access: 'open',
    plain: 'application/json',
    handle: async () => {
      document ??= openApiDocument(routes);
      return { contentType: 'application/json', text: JSON.stringify(document) };
    },
  });
  const routes = [
    ...openRoutes(desks, pages),
    described,
    ...houseRoutes(desks),
    ...dayRoutes(desks),
    ...clientRoutes(desks),
    ...limitRoutes(desks),
    ...orderRoutes(desks),
    ...marginRoutes(desks),
    marginPreviewRoute(desks),
    marginForecastRoute(desks),
    marginExplainRoute(desks),
    conversionRoute(desks),
    earlyPayInRoute(desks),
    ...fundingRoutes(desks),
    ...collateralRoutes(desks),
    ...killRoutes(desks),
    ...segmentRoutes(desks),
    ...snapshotRoutes(desks),
    ...squareOffRoutes(desks),
    ...watchRoutes(desks),
    clientChargesRoute(desks),
    chargesRoute(desks.charges),
    ...kiteMarginRoutes(desks, desks.charges),
  ];
  return routes;
}
