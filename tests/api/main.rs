//! The API, called over HTTP as its clients call it: a file for each feature.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::items_after_statements,
    clippy::similar_names,
    clippy::single_match_else,
    clippy::disallowed_methods,
    dead_code,
    unused_imports,
    reason = "a test that panics has failed; the support serves all files"
)]

mod aid;
mod allocation_returns;
mod allocations;
mod annual_evidence_packs;
mod assets;
mod attributes;
mod audit;
mod audit_chain;
mod audit_check;
mod authorization;
mod beneficiaries;
mod beneficiaries_as_of;
mod beneficiaries_members;
mod beneficiaries_numbers;
mod benefits;
mod canaries;
#[path = "../../benches/pledges/canary.rs"]
mod canary;
mod card_changes;
mod change_requests;
mod civil_events;
mod collectors;
mod companies;
mod complaints;
mod complaints_installments;
mod complaints_refunds;
mod complaints_stock;
mod complaints_trail;
mod cycle_guards;
mod cycles;
mod deliberations;
mod deliveries;
mod delivery_components;
mod delivery_imports;
mod delivery_losses;
mod delivery_returns;
mod devices;
mod disclosures;
#[path = "../../benches/pledges/document.rs"]
mod document;
#[path = "../../benches/pledges/draw.rs"]
mod draw;
mod duplicates;
mod duplicates_mergers;
mod duties;
mod eligibility;
mod empowerment_plans;
mod enrollments;
mod evidence_of_trainings;
mod evidence_packs;
mod examples;
mod exports;
mod exports_queues;
mod follow_ups;
#[path = "../../benches/pledges/fuzz.rs"]
mod fuzz;
mod graduations;
mod guides;
mod histories;
mod households;
mod housekeeping;
mod http;
mod iati;
mod imports;
mod imports_attributes;
mod imports_corrections;
mod imports_duplicates;
mod imports_files;
mod imports_hostile;
mod imports_leavers;
mod imports_mappings;
mod imports_meanwhile;
mod imports_records;
mod imports_stages;
mod keys;
mod late_pledges;
mod ledger;
mod lists;
mod matching_rounds;
mod matching_runs;
mod needs;
mod number_checks;
#[path = "../../benches/pledges/oracle/mod.rs"]
mod oracle;
mod packages;
mod passed_entitlements;
mod places;
mod places_days;
mod places_elsewhere;
mod pledge_decisions;
mod pledge_oracle;
mod pledge_slips;
mod pledges;
mod programs;
mod races;
mod ranks;
mod realisations;
mod regions;
mod relocations;
mod replacements;
mod reservations;
mod sign_in;
mod state_programs;
mod stock;
mod stock_handovers;
mod strange_days;
mod support;
mod suspension_orders;
mod suspension_scopes;
mod suspension_sums;
mod tokens;
mod training_leavers;
mod trainings;
mod verification_rounds;
mod verification_samples;
mod webhooks;
mod webhooks_hostile;
