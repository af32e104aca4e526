// Headers of the clearing corporation's UDiFF files, in their published order.
/** Trade file, 46 columns. */
export const TRADE_HEADER: readonly string[] = (
  'TradDt,BizDt,Sgmt,Src,Xchg,ClrMmbId,Brkr,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,FinInstrmNm,' +
  'ClntTp,ClntId,FullyExctdConfSnt,OrgnlCtdnPtcptId,CtdnPtcptId,SttlmTp,SctiesSttlmTxId,BuySellInd,TradQty,NewBrdLotQty,Pric,UnqTradIdr,RptdTxSts,' +
  'TradDtTm,UpdDt,OrdrRef,OrdrDtTm,InstgUsr,CtclId,TradRegnOrgn,OrdrTp,BlckDealInd,SttlmCycl,MktTpandId,Rmks,Rsvd1,Rsvd2,Rsvd3,Rsvd4'
).split(',');
/** Position file, 46 columns. */
export const POSITION_HEADER: readonly string[] = (
  'Sgmt,Src,RptgDt,BizDt,TradRegnOrgn,ClrMmbId,BrkrOrCtdnPtcptId,ClntTp,ClntId,FinInstrmTp,ISIN,TckrSymb,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,' +
  'NewBrdLotQty,OpngLngQty,OpngLngVal,OpngShrtQty,OpngShrtVal,OpnBuyTradgQty,OpnBuyTradgVal,OpnSellTradgQty,OpnSellTradgVal,PreExrcAssgndLngQty,' +
  'PreExrcAssgndLngVal,PreExrcAssgndShrtQty,PreExrcAssgndShrtVal,ExrcdQty,AssgndQty,PstExrcAssgndLngQty,PstExrcAssgndLngVal,PstExrcAssgndShrtQty,' +
  'PstExrcAssgndShrtVal,SttlmPric,RefRate,PrmAmt,DalyMrkToMktSettlmVal,FutrsFnlSttlmVal,ExrcAssgndVal,Rmks,Rsvd1,Rsvd2,Rsvd3,Rsvd4'
).split(',');
/** Obligation file, 28 columns and remarks. */
export const OBLIGATION_HEADER: readonly string[] = (
  'Sgmt,Src,ClrMmbId,BrkrOrCtdnPtcptId,FinInstrmId,ISIN,TckrSymb,SctySrs,SttlmTp,SctiesSttlmTxId,TradRegnOrgn,ClntId,CtdnId,CtdnPtcptId,RptgDt,' +
  'FndsPayInDt,FndsPayOutDt,CmmdtyOrScrtyPayInDt,CmmdtyOrScrtyPayOutDt,DalyBuyTradgVol,DalySellTradgVol,DalyBuyTradgVal,DalySellTradgVal,' +
  'CmltvBuyVol,CmltvSellVol,CmltvBuyAmt,CmltvSellAmt,FnlOblgtnFlg,Rmks,Rsvd1,Rsvd2,Rsvd3,Rsvd4'
).split(',');
