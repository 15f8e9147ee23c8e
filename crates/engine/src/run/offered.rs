//! The transactions that have a handler of their own. All others of the table are known, not offered.

use crate::call::{Call, Done, Stop};
use crate::calls::{
    benefits, cancel, catalogue, catalogue_file, deposit, dictionary, fees, file, filing, mapping, person, provider,
    purchase as pharmacy, query, session, statement, stay, stay_settlement, visit, visit_settlement, voucher,
};
use crate::policies::Policies;
use crate::run::reversal;
use yibao_interface::{Does, deposited};
use yibao_store::Tx;

/// What a transaction leaves behind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaves {
    /// Nothing: a query or a trial; it may be asked again and again.
    Nothing,
    /// A record, so its message is journalled and has its effect once.
    Records,
    /// Documents, which are told apart by themselves: a message that comes again finds its own. It waits for who is served
    /// today, and leaves nothing in the journal of those that settle.
    Documents,
}

/// An offered transaction.
pub(crate) struct Offered {
    pub leaves: Leaves,
    pub handler: Handler,
}

/// A transaction's handler.
pub(crate) type Handler = fn(&mut dyn Tx, &Call, &Policies) -> Result<Done, Stop>;

/// The transaction with this number, if it is offered.
pub(crate) fn find(infno: &str) -> Option<Offered> {
    let records = |handler: Handler| Some(Offered { leaves: Leaves::Records, handler });
    let reads = |handler: Handler| Some(Offered { leaves: Leaves::Nothing, handler });
    if deposited(infno).iter().any(|rule| rule.does == Does::Keep) {
        return Some(Offered { leaves: Leaves::Documents, handler: deposit::keep });
    }
    match infno {
        "3403" | "3507" | "3507A" => records(deposit::delete),
        "3508" | "3509" | "3510" | "3511" => reads(deposit::stock),
        "4102" => records(deposit::state),
        "4103" => reads(deposit::settlement_list),
        "5101" => reads(deposit::departments),
        "5102" => reads(provider::practitioners),
        "1162" | "6101" => records(voucher::decode),
        "9101" => records(file::upload),
        "9102" => reads(file::download),
        "9001" => records(session::sign_in),
        "9002" => records(session::sign_out),
        "1101" => reads(person::read),
        "1201" => reads(provider::find),
        "1301" | "1302" | "1303" | "1305" | "1306" | "1306A" | "1307" | "1308" | "1309" | "1310" | "1311" | "1313"
        | "1314" | "1315" => reads(catalogue_file::offer),
        "1304" => reads(catalogue::ethnic_drugs),
        "1312" => reads(catalogue::items),
        "1316" => reads(mapping::by_national_code),
        "1317" => reads(mapping::by_provider),
        "1318" => reads(catalogue::limit_prices),
        "1319" => reads(catalogue::self_pay_ratios),
        "1901" => reads(dictionary::list),
        "2001" => reads(benefits::check),
        "2101" => reads(pharmacy::try_out),
        "2102" => records(pharmacy::settle),
        "2103" => records(cancel::purchase),
        "2201" => records(visit::register),
        "2202" => records(visit::cancel),
        "2203" | "2203A" => records(visit::describe),
        "2204" => records(fees::upload_for_visit),
        "2205" => records(fees::withdraw_from_visit),
        "2206" => reads(visit_settlement::try_out),
        "2207" => records(visit_settlement::settle),
        "2208" => records(cancel::visit),
        "2301" => records(fees::upload_for_stay),
        "2302" => records(fees::withdraw_from_stay),
        "2303" => reads(stay_settlement::try_out),
        "2304" => records(stay_settlement::settle),
        "2305" => records(cancel::stay),
        "2401" => records(stay::admit),
        "2402" => records(stay::discharge),
        "2403" => records(stay::change),
        "2404" => records(stay::cancel_admission),
        "2405" => records(stay::cancel_discharge),
        "2501" | "2501A" => records(filing::transfer),
        "2502" => records(filing::cancel_transfer),
        "2503" => records(filing::special_disease),
        "2504" => records(filing::cancel_special_disease),
        "2505" => records(filing::designate),
        "2506" => records(filing::cancel_designation),
        "2601" => records(reversal::reverse),
        "3201" => reads(statement::sums),
        "3202" => records(statement::details),
        "3301" => records(mapping::upload),
        "3302" => records(mapping::withdraw),
        "5201" => reads(query::encounters),
        "5202" => reads(query::diagnoses),
        "5203" => reads(query::settlement),
        "5204" => reads(query::lines),
        "5205" => reads(query::drug_use),
        "5206" => reads(query::running_totals),
        "5301" => reads(query::special_diseases),
        "5302" => reads(query::designated_providers),
        "5303" => reads(query::in_hospital),
        "5304" => reads(query::transfers),
        _ => None,
    }
}
