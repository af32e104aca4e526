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
/** Securities transaction tax, 44 columns and remarks. */
export const STT_HEADER: readonly string[] = (
  'RptHdr,Sgmt,Src,TradDt,ClctnDt,DueDt,SttlmTp,SctiesSttlmTxId,ClrMmbId,BrkrOrCtdnPtcptId,ClntId,TckrSymb,SctySrs,FinInstrmId,FinInstrmTp,ISIN,XpryDt,' +
  'OptnTp,StrkPric,SttlmPric,TtlBuyTradgVol,TtlBuyTrfVal,TtlSellTradgVol,TtlSellTrfVal,AvrgPric,BuyDlvrblQty,SellDlvrblQty,SellOthrThanDlvryQty,' +
  'BuyDlvrblVal,SellDlvrblVal,SellOthrThanDlvryVal,BuyDelvryTtlTaxs,SellDelvryTtlTaxs,SellOthrThanDelvryTtlTaxs,TaxblSellFutrsVal,TaxblSellOptnVal,' +
  'OptnExrcQty,OptnExrcVal,TaxblExrcVal,FutrsTtlTaxs,OptnTtlTaxs,TaxblBuyValCallAuctn,TaxblSellValCallAuctn,TtlTaxs,Rmks,Rsvd1,Rsvd2,Rsvd3,Rsvd4'
).split(',');
/** Stamp duty, 33 columns and remarks. */
export const STAMP_HEADER: readonly string[] = (
  'RptHdr,Sgmt,Src,SttlmTp,SctiesSttlmTxId,ClrMmbId,BrkrOrCtdnPtcptId,ClctnDt,DueDt,ClntId,CtrySubDvsn,TckrSymb,SctySrs,FinInstrmId,FinInstrmTp,ISIN,' +
  'XpryDt,StrkPric,OptnTp,TtlBuyTradgVol,TtlBuyTrfVal,TtlSellTradgVol,TtlSellTrfVal,BuyDlvryQty,BuyDlvryVal,BuyOthrThanDlvryQty,BuyOthrThanDlvryVal,' +
  'BuyStmpDty,SellStmpDty,SttlmPric,BuyDlvryStmpDty,BuyOthrThanDlvryStmpDty,StmpDtyAmt,Rmks,Rsvd1,Rsvd2,Rsvd3,Rsvd4'
).split(',');
/** Client margin report, the 26 columns of NCDEX: the one picture of such a report that is public. */
export const MARGIN_HEADER: readonly string[] = (
  'Trade Date,Trading Member ID,Client ID,Initial,Peak Initial,Other,MTM,Upfront initial collected,Peak initial collected,Other collected by T+2,' +
  'MTM collected by T+2,Shortfall initial,Shortfall peak,Shortfall other,Shortfall MTM,IM at peak short allocation,Collateral at EOD,Collateral at PSA,' +
  'Excess with ICCL,Excess MCXCCL,Excess NCL,Excess others,Delay in processing allocation,Trade in wrong client code,' +
  'Total shortfall (EOD short allocation),Total shortfall (peak short allocation)'
).split(',');
