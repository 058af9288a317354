//! The tables that are filled by COPY, in the order that their foreign keys ask for.

use crate::db::CopyRows;

/// Name and columns of one table.
#[derive(Debug)]
pub(super) struct Table {
    name: &'static str,
    columns: &'static [&'static str],
}

impl Table {
    /// The statement that takes the rows.
    pub(super) fn copy(&self) -> String {
        format!("copy {} ({}) from stdin (format binary)", self.name, self.columns.join(", "))
    }

    fn rows(&self) -> CopyRows {
        CopyRows::new(i16::try_from(self.columns.len()).unwrap_or(i16::MAX))
    }
}

macro_rules! batch {
    ($($table:ident: $($column:ident)+;)+) => {
        /// Rows of all tables, for some thousands of families.
        #[derive(Debug)]
        pub(super) struct Batch {
            $(pub(super) $table: CopyRows,)+
        }

        const TABLES: &[Table] = &[
            $(Table { name: stringify!($table), columns: &[$(stringify!($column)),+] },)+
        ];

        impl Batch {
            /// Empty rows of all tables.
            pub(super) fn new() -> Self {
                let mut tables = TABLES.iter().map(Table::rows);
                $(let $table = tables.next().unwrap_or(CopyRows::new(0));)+
                Self { $($table,)+ }
            }

            /// Closes the rows and hands them over, table by table, with their number.
            pub(super) fn take(&mut self) -> Parcel {
                let rows = [$(self.$table.take()),+];
                TABLES.iter().zip(rows).filter_map(|(table, rows)| Some((table, rows?))).collect()
            }
        }
    };
}

batch! {
    programs: id code name kind unit description owner_area_id created_at updated_at;
    rule_sets: id program_id number eligibility benefit_quantity benefit_period legal_basis_title legal_basis_number
        legal_basis_article effective_from effective_to created_by created_at benefit;
    companies: id name registration_number sector area_ids created_at updated_at;
    pledges: id company_id area_id title year status agreement_number submitted_at first_accepted_by accepted_by accepted_at
        decision_reason created_at updated_at;
    pledge_lines: id pledge_id kind quantity unit unit_value_rupiah valuation_basis village_codes field;
    ledger_accounts: id area_id kind unit owner_id is_floored created_at;
    ledger_transfers: id area_id debit_account_id credit_account_id unit quantity code group_id client_id at;
    receipts: id pledge_id pledge_line_id quantity handover_number received_on recorded_by transfer_id created_at;
    cycles: area_id id program_id rule_set_id period status planned_by approved_by approved_at created_at updated_at;
    suspension_orders: area_id id program_id status directive_title directive_number directive_article directive_dated_on
        reason effective_from laid_by created_at updated_at;
    beneficiaries: area_id id village_code card_sealed card_digest address phone status head_name member_count
        decile decile_source decile_period verified_at verified_by source version valid_from created_at updated_at;
    beneficiary_locators: beneficiary_id area_id;
    card_claims: card_digest area_id beneficiary_id;
    members: area_id id nik_sealed nik_digest nik_status name sex born_on birth_place mother_name work is_pregnant
        has_disability in_school warnings version valid_from created_at updated_at;
    identity_claims: nik_digest area_id member_id;
    memberships: area_id id beneficiary_id member_id relationship started_on valid_from;
    welfare_ranks: area_id beneficiary_id source period decile recorded_at;
    needs: area_id id beneficiary_id kind quantity status recorded_by created_at updated_at;
    enrollments: area_id id program_id beneficiary_id rule_set_id status decided_by started_on quota_village_code
        created_at updated_at;
    entitlements: area_id period id cycle_id program_id beneficiary_id enrollment_id village_code quantity snapshot;
    deliveries: area_id period id entitlement_id program_id beneficiary_id quantity delivered_on collector_member_id
        collector_kind handover_number recorded_by created_at;
    holds: area_id id suspension_order_id period entitlement_id beneficiary_id quantity status created_at;
    audit_records: area_id at id client_id operation resource record_count;
}

/// Closed rows by table, with how many they are.
pub(super) type Parcel = Vec<(&'static Table, (Vec<u8>, u64))>;
