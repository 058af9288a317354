// @generated automatically by Diesel CLI.

diesel::table! {
    /// Handover of pledged aid to a family, with proof; append-only
    allocation_deliveries (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        allocation_id -> Uuid,
        pledge_id -> Uuid,
        pledge_line_id -> Uuid,
        beneficiary_id -> Uuid,
        quantity -> Numeric,
        delivered_on -> Date,
        collector_member_id -> Nullable<Uuid>,
        collector_kind -> Text,
        /// Number of the paper that lets an alternate collect
        power_of_attorney -> Nullable<Text>,
        /// Number of the handover minutes (BAST)
        handover_number -> Text,
        /// SHA-256 of the signature or photo kept by the village
        proof_digest -> Bytea,
        proof_media_type -> Text,
        transfer_id -> Uuid,
        recorded_by -> Text,
        created_at -> Timestamptz,
        /// Name of an alternate whose paper was not on record
        receiver_name -> Nullable<Text>,
    }
}

diesel::table! {
    /// What came back of a handover of pledged aid; append-only
    allocation_returns (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        allocation_id -> Uuid,
        allocation_delivery_id -> Uuid,
        pledge_id -> Uuid,
        pledge_line_id -> Uuid,
        beneficiary_id -> Uuid,
        quantity -> Numeric,
        /// It is in the stock of the line again; otherwise it is lost
        is_usable -> Bool,
        /// The need of the family is open again by as much
        is_still_needed -> Bool,
        /// Nothing of the handover stays with the family
        takes_rest -> Bool,
        /// Day of the handover, from which on it does not count
        delivered_on -> Date,
        returned_on -> Date,
        reason -> Text,
        remark -> Nullable<Text>,
        /// Number of the minutes of the return (BAST)
        handover_number -> Text,
        /// Transfer that put it back into the stock of the line
        transfer_id -> Uuid,
        /// Transfer that took it out again as lost, where it is not usable
        loss_transfer_id -> Nullable<Uuid>,
        recorded_by -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// What of a pledge line is reserved for the need of one family
    allocations (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        pledge_id -> Uuid,
        pledge_line_id -> Uuid,
        need_id -> Uuid,
        beneficiary_id -> Uuid,
        village_code -> Text,
        quantity -> Numeric,
        delivered_quantity -> Numeric,
        /// Run that allocated it; null where an officer chose the family
        run_id -> Nullable<Uuid>,
        /// Place in the order of need when it was allocated, 1 first
        rank_in_run -> Nullable<Int4>,
        /// Transfer that reserved it; one for all families of a run and line
        transfer_id -> Uuid,
        status -> Text,
        created_by -> Text,
        release_reason -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        /// What of delivered_quantity came back: the family has the rest
        returned_quantity -> Numeric,
        /// When what was not handed over became free again
        released_at -> Nullable<Timestamptz>,
        /// Last day that it is kept for the family; what is reserved after it is released
        expires_on -> Date,
    }
}

diesel::table! {
    /// Surrogate id of each sub-district (kecamatan): codes split and change, this never does
    areas (area_id) {
        /// First column of every family-side key
        area_id -> Int4,
        /// Name at the time it was added; the current one stands in regions
        name -> Text,
    }
}

diesel::table! {
    /// What somebody found who looked at a piece of equipment; append-only
    asset_checks (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        asset_id -> Uuid,
        /// Live custody at the check; null where it was in store
        custody_id -> Nullable<Uuid>,
        /// Village of that custody
        village_code -> Nullable<Text>,
        checked_on -> Date,
        condition -> Text,
        is_in_use -> Bool,
        /// Hours that its meter tells
        meter_hours -> Nullable<Int4>,
        note -> Nullable<Text>,
        /// Pictures and papers, by their digests
        evidence -> Jsonb,
        next_check_on -> Date,
        checked_by -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// That a piece of equipment is lost or retired, which two persons say
    asset_write_offs (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        asset_id -> Uuid,
        kind -> Text,
        /// Day of the loss, or of the end of its use
        happened_on -> Date,
        reason -> Text,
        /// Minutes of it
        minutes_number -> Text,
        proposed_by -> Text,
        status -> Text,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamptz>,
        refusal_reason -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Equipment of the sub-district that families use, one row for each piece
    assets (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        /// Label of the sub-district on the piece
        asset_number -> Text,
        kind -> Text,
        /// Number of its maker
        serial_number -> Nullable<Text>,
        source -> Text,
        /// Delivery of a program by which it came
        delivery_id -> Nullable<Uuid>,
        /// Period of that delivery, for the key
        delivery_period -> Nullable<Date>,
        /// Handover of a pledge by which it came
        allocation_delivery_id -> Nullable<Uuid>,
        /// Entitlement or allocation that it came by, which follow-ups name
        aid_id -> Nullable<Uuid>,
        program_id -> Nullable<Uuid>,
        pledge_id -> Nullable<Uuid>,
        value_rupiah -> Nullable<Int8>,
        acquired_on -> Date,
        status -> Text,
        /// Day of the change to the status that it has
        status_since -> Date,
        /// Why it is under repair, lost or retired
        status_reason -> Nullable<Text>,
        /// Minutes of that
        status_minutes_number -> Nullable<Text>,
        /// As the newest check, hand-back or repair found it
        condition -> Text,
        /// Live custody; stays while the piece is under repair
        custody_id -> Nullable<Uuid>,
        last_checked_on -> Nullable<Date>,
        /// Day by which somebody looks at it
        next_check_on -> Date,
        registered_by -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Who came to a session; never changed, a correction is the next version
    attendance_records (area_id, session_id, participant_id, version) {
        area_id -> Int4,
        session_id -> Uuid,
        participant_id -> Uuid,
        /// Counts from 1 for each participant of a session; the newest counts
        version -> Int4,
        mark -> Text,
        recorded_by -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// JSON Schemas of attributes by sub-district, subject and version; append-only
    attribute_schemas (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        /// beneficiaries or members
        subject -> Text,
        /// Counts from 1 for each subject; the highest one checks what is written
        version -> Int4,
        /// Says what the values of attributes may be, by name
        schema -> Jsonb,
        created_by -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// Sealed audit rows: each block a Merkle tree (RFC 6962) whose head names the block before; append-only
    audit_blocks (number) {
        /// Place in the chain, 1 first, without gaps
        number -> Int8,
        /// Rows in the block
        row_count -> Int4,
        /// Root of the tree of the rows
        merkle_root -> Bytea,
        /// Hash of the block before; zeros for the first
        previous_hash -> Bytea,
        /// SHA-256 of the head, which says number, row count, root, previous hash and time
        hash -> Bytea,
        sealed_at -> Timestamptz,
        /// Key that signed the head
        key_id -> Text,
        /// Ed25519 signature of the head, in base64url
        signature -> Text,
        /// Of the last row
        last_transaction_number -> Int8,
        /// Of the last row
        last_id -> Uuid,
        /// Hash of each row, 32 bytes each, in the order of the tree
        leaf_hashes -> Bytea,
    }
}

diesel::table! {
    /// Who did or read what, one row a write and one a read of personal data; append-only
    audit_records (area_id, at, id) {
        /// Sub-district of the record; 0 where it belongs to none
        area_id -> Int4,
        at -> Timestamptz,
        id -> Uuid,
        client_id -> Text,
        /// operationId of the API, such as register_beneficiary
        operation -> Text,
        /// Why personal data were read, where the caller must say
        purpose -> Nullable<Text>,
        /// Plural noun, such as beneficiaries
        resource -> Text,
        /// The one record; null where the row stands for a list
        resource_id -> Nullable<Uuid>,
        company_id -> Nullable<Uuid>,
        request_id -> Nullable<Text>,
        /// How many records the row stands for
        record_count -> Int4,
        /// SHA-256 of the record before; null where there was none
        before_digest -> Nullable<Bytea>,
        /// SHA-256 of the record after; null for reads
        after_digest -> Nullable<Bytea>,
        /// Number of the transaction that wrote the row; rows are sealed in this order
        transaction_number -> Int8,
    }
}

diesel::table! {
    /// Families, one a family card (KK): candidates and recipients of aid
    beneficiaries (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        village_code -> Text,
        /// Family card number, sealed (AES-256-GCM-SIV) under the key its first byte names
        card_sealed -> Bytea,
        /// Keyed digest (HMAC-SHA-256) of the family card number
        card_digest -> Bytea,
        address -> Nullable<Text>,
        phone -> Nullable<Text>,
        status -> Text,
        /// Name of the head of the family, kept here for lists
        head_name -> Text,
        /// Live members
        member_count -> Int4,
        /// Latest welfare rank, 1 poorest to 10; the series is in welfare_ranks
        decile -> Nullable<Int2>,
        decile_source -> Nullable<Text>,
        decile_period -> Nullable<Date>,
        /// When an officer confirmed the family; only verified families count as needs
        verified_at -> Nullable<Timestamptz>,
        verified_by -> Nullable<Text>,
        /// Where the record came from: import, form or sandbox
        source -> Text,
        version -> Int4,
        /// When this version began; earlier ones are in beneficiaries_history
        valid_from -> Timestamptz,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        /// The family of the same sub-district that it was merged into
        continued_in_id -> Nullable<Uuid>,
        /// Facts by name, each with value, source and observed_on; null where there are none
        attributes -> Nullable<Jsonb>,
        /// Schema that the attributes were checked by when they were written
        attribute_schema_id -> Nullable<Uuid>,
        /// Codes of checks that hold now and do not refuse, such as card_district_unknown
        warnings -> Array<Text>,
    }
}

diesel::table! {
    /// Past versions of beneficiaries, half-open from valid_from to valid_to; append-only
    beneficiaries_history (area_id, id, valid_from) {
        area_id -> Int4,
        id -> Uuid,
        valid_from -> Timestamptz,
        valid_to -> Timestamptz,
        version -> Int4,
        /// The row as it was, without the family card number
        record -> Jsonb,
        card_sealed -> Bytea,
        /// Who replaced this version
        client_id -> Text,
        /// operationId of the API that replaced this version
        operation -> Nullable<Text>,
        /// Why, where the client told; no personal data
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    /// The area that holds a family, for callers of several areas
    beneficiary_locators (beneficiary_id) {
        beneficiary_id -> Uuid,
        area_id -> Int4,
    }
}

diesel::table! {
    /// When families got another card number, and why; the numbers are in the history of the family; append-only
    card_changes (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        beneficiary_id -> Uuid,
        /// reissued: the earlier number leads to the family still; corrected: it was never one of its own
        reason -> Text,
        /// Day of the new card, or of the correction
        changed_on -> Date,
        /// Version of the family that has the new number
        family_version -> Int4,
        client_id -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// Card numbers that lead to a live family: its own, earlier ones, and those of families that it took in
    card_claims (card_digest) {
        card_digest -> Bytea,
        area_id -> Int4,
        beneficiary_id -> Uuid,
    }
}

diesel::table! {
    /// What a family was due in the sub-district that it came from, as it stood when it moved
    carried_aid (area_id, id) {
        area_id -> Int4,
        /// Entitlement or allocation there
        id -> Uuid,
        beneficiary_id -> Uuid,
        /// Where it was due, and where what is left of it can be collected
        from_area_id -> Int4,
        from_district_code -> Text,
        source -> Text,
        village_code -> Text,
        program_id -> Nullable<Uuid>,
        cycle_id -> Nullable<Uuid>,
        pledge_id -> Nullable<Uuid>,
        pledge_line_id -> Nullable<Uuid>,
        title -> Text,
        kind -> Text,
        unit -> Text,
        due_on -> Date,
        quantity -> Numeric,
        /// Of it, what will never be delivered
        withdrawn_quantity -> Numeric,
        carried_at -> Timestamptz,
    }
}

diesel::table! {
    /// Months of programs of the state that a family brought along: due in the sub-district it came from, so not once more here
    carried_entitlements (area_id, beneficiary_id, program_id, period) {
        area_id -> Int4,
        beneficiary_id -> Uuid,
        program_id -> Uuid,
        /// First day of the month; a quarter is three of them
        period -> Date,
    }
}

diesel::table! {
    /// What was handed over of carried aid, less what came back
    carried_handovers (area_id, id) {
        area_id -> Int4,
        /// Delivery there
        id -> Uuid,
        aid_id -> Uuid,
        beneficiary_id -> Uuid,
        program_id -> Nullable<Uuid>,
        quantity -> Numeric,
        delivered_on -> Date,
        /// When it was recorded there
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    /// Visits of records that a merger of duplicates made one with a family, and that count for it; gone once it is undone
    carried_visits (area_id, beneficiary_id, visit_id) {
        area_id -> Int4,
        beneficiary_id -> Uuid,
        visit_id -> Uuid,
    }
}

diesel::table! {
    /// Changes of families and members that wait for a second person, and what was decided
    change_requests (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        beneficiary_id -> Uuid,
        /// The member to change; null where the family itself is
        member_id -> Nullable<Uuid>,
        visit_id -> Nullable<Uuid>,
        status -> Text,
        /// Fields that it changes
        fields -> Array<Text>,
        /// The merge patch (RFC 7396), a NIK in it masked
        changes -> Jsonb,
        /// What the fields were when it was made, a NIK masked
        before -> Jsonb,
        /// The NIK it proposes, sealed for the member's row; gone once it is decided
        nik_sealed -> Nullable<Bytea>,
        /// Version of the record that it was made against
        base_version -> Int4,
        reason -> Nullable<Text>,
        evidence -> Jsonb,
        requested_by -> Text,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamptz>,
        decision_reason -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Assertions that were used to sign in: each counts once, until it has expired
    client_assertions (client_id, jti) {
        client_id -> Text,
        jti -> Text,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    /// OAuth clients: each has one role and is bound to areas, or to one company in its areas
    clients (id) {
        id -> Text,
        title -> Text,
        role -> Text,
        /// SHA-256 of the secret, which is 256 random bits and never stored
        secret_digest -> Bytea,
        area_ids -> Array<Int4>,
        company_id -> Nullable<Uuid>,
        is_disabled -> Bool,
        /// Raised to refuse every token given out before
        token_version -> Int4,
        /// Ed25519 key that signs the client's assertions (private_key_jwt); null where it uses its secret
        public_key -> Nullable<Bytea>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// Who receives aid for a family, in dated rows: a member, or an alternate with power of attorney
    collectors (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        beneficiary_id -> Uuid,
        /// member of the family, or alternate with power of attorney
        kind -> Text,
        member_id -> Nullable<Uuid>,
        /// Name of the alternate
        name -> Nullable<Text>,
        /// Number of the paper that lets the alternate collect
        power_of_attorney -> Nullable<Text>,
        /// Member who gave the power; it ends when that member leaves or dies
        granted_by_id -> Nullable<Uuid>,
        valid_from -> Date,
        /// Last day, inclusive; null while open
        valid_to -> Nullable<Date>,
        /// Day from which it no longer holds, whatever valid_to says
        ended_on -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        recorded_by -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Past versions of collectors, half-open from valid_from to valid_to; append-only
    collectors_history (area_id, id, valid_from) {
        area_id -> Int4,
        id -> Uuid,
        valid_from -> Timestamptz,
        valid_to -> Timestamptz,
        version -> Int4,
        /// The row as it was
        record -> Jsonb,
        /// Who replaced this version
        client_id -> Text,
    }
}

diesel::table! {
    /// Companies that pledge aid under their social responsibility (TJSL/CSR)
    companies (id) {
        id -> Uuid,
        name -> Text,
        /// NIB, business registration number, as the company gave it
        registration_number -> Nullable<Text>,
        /// Field of work, such as palm_oil or mining
        sector -> Text,
        /// Sub-districts whose anonymous needs the company may see and pledge to
        area_ids -> Array<Int4>,
        /// Grows by one with each change; the ETag
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// What was done about complaints, by whom and why; append-only
    complaint_steps (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        complaint_id -> Uuid,
        command -> Text,
        from_status -> Text,
        to_status -> Text,
        assigned_to -> Nullable<Text>,
        referred_to -> Nullable<Text>,
        finding -> Nullable<Text>,
        /// The reason, the answer or what came of it; may hold personal data
        note -> Nullable<Text>,
        /// Change of a record that came of it
        change_request_id -> Nullable<Uuid>,
        /// Replacement of a family that came of it
        replacement_id -> Nullable<Uuid>,
        /// Delivery that came of it
        delivery_id -> Nullable<Uuid>,
        /// Period of the delivery, for its key
        delivery_period -> Nullable<Date>,
        recorded_by -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// What people of villages say about aid, and what became of it
    complaints (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        village_code -> Text,
        channel -> Text,
        /// Illegal levies and the conduct of staff are kept close
        category -> Text,
        /// Family that it is about, or that the delivery was for
        beneficiary_id -> Nullable<Uuid>,
        /// Program that it is about, or of the cycle or the delivery
        program_id -> Nullable<Uuid>,
        cycle_id -> Nullable<Uuid>,
        delivery_id -> Nullable<Uuid>,
        /// Period of the delivery, for its key
        delivery_period -> Nullable<Date>,
        /// Pledge that it is about, or of the handover
        pledge_id -> Nullable<Uuid>,
        /// Handover of a pledge that it is about
        allocation_delivery_id -> Nullable<Uuid>,
        complainant -> Text,
        /// Family that complains
        complainant_beneficiary_id -> Nullable<Uuid>,
        /// Name and telephone of a person who complains, sealed
        complainant_sealed -> Nullable<Bytea>,
        /// What was said; may hold personal data
        description -> Text,
        /// Client complained of, which neither reads nor decides
        against_client_id -> Nullable<Text>,
        status -> Text,
        received_on -> Date,
        /// Day by which it is to be answered
        due_on -> Date,
        assigned_to -> Nullable<Text>,
        /// Body that it was referred to; stays when that answers
        referred_to -> Nullable<Text>,
        finding -> Nullable<Text>,
        /// What the complainant was told; empty again where it was reopened
        answer -> Nullable<Text>,
        answered_on -> Nullable<Date>,
        answered_by -> Nullable<Text>,
        closed_by -> Nullable<Text>,
        /// The complainant was not content once; there is no second time
        is_reopened -> Bool,
        lodged_by -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Which family has which piece of equipment, from when to when
    custodies (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        asset_id -> Uuid,
        /// Family that keeps it, for itself or for a group; goes over with a merger
        beneficiary_id -> Uuid,
        /// Group that the family keeps it for
        group_name -> Nullable<Text>,
        /// Village of the family at the hand-over
        village_code -> Text,
        /// Where it is kept, in words
        place -> Text,
        /// Number of the handover minutes (BAST)
        handover_number -> Text,
        /// What the family agreed to
        terms -> Nullable<Text>,
        started_on -> Date,
        handed_over_by -> Text,
        /// Custody that this one was transferred from
        follows_id -> Nullable<Uuid>,
        /// Last day; null while it has it
        ended_on -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        /// How it came back; missing where it did not
        return_condition -> Nullable<Text>,
        return_note -> Nullable<Text>,
        ended_by -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Months of a program that a cycle stands for, each one's alone; given up where the cycle is cancelled
    cycle_months (area_id, program_id, month) {
        area_id -> Int4,
        program_id -> Uuid,
        /// First day of the month
        month -> Date,
        cycle_id -> Uuid,
    }
}

diesel::table! {
    /// Families on a program that get nothing in a cycle, and why; never changed
    cycle_omissions (area_id, cycle_id, beneficiary_id) {
        area_id -> Int4,
        cycle_id -> Uuid,
        beneficiary_id -> Uuid,
        enrollment_id -> Uuid,
        village_code -> Text,
        reason -> Text,
        /// What was cut, where all of it was
        breakdown -> Jsonb,
    }
}

diesel::table! {
    /// One period of a program in a sub-district; its list freezes when a second officer approves
    cycles (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        program_id -> Uuid,
        rule_set_id -> Uuid,
        /// First day of the month, quarter or year
        period -> Date,
        status -> Text,
        planned_by -> Text,
        approved_by -> Nullable<Text>,
        approved_at -> Nullable<Timestamptz>,
        entitlement_count -> Int4,
        entitled_quantity -> Numeric,
        closed_by -> Nullable<Text>,
        closed_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        /// Families on the program that get nothing in it
        omission_count -> Int4,
        /// Its list may come to no more than this; null where nothing holds it
        ceiling_quantity -> Nullable<Numeric>,
        cancelled_by -> Nullable<Text>,
        cancelled_at -> Nullable<Timestamptz>,
        /// Why it was given up before it was approved; no personal data
        cancellation_reason -> Nullable<Text>,
    }
}

diesel::table! {
    /// What a village meeting decided of each family; append-only
    deliberation_decisions (area_id, deliberation_id, number) {
        area_id -> Int4,
        deliberation_id -> Uuid,
        /// Place in the list, 1 first
        number -> Int2,
        beneficiary_id -> Uuid,
        decision -> Text,
        reason -> Text,
        exit_reason -> Nullable<Text>,
        /// Place on the reserve list, 1 first
        reserve_order -> Nullable<Int2>,
    }
}

diesel::table! {
    /// Village meetings (musdes) that decided the list of a program, with their minutes and decree
    deliberations (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        village_code -> Text,
        program_id -> Uuid,
        held_on -> Date,
        minutes_number -> Text,
        /// SHA-256 of the minutes, which the village keeps
        minutes_digest -> Bytea,
        minutes_media_type -> Text,
        attendee_count -> Int4,
        /// Decree that makes the decisions law; null until it is issued
        decree_number -> Nullable<Text>,
        add_count -> Int4,
        keep_count -> Int4,
        remove_count -> Int4,
        reserve_count -> Int4,
        /// recorded, or applied to the enrollments
        status -> Text,
        /// First day on the program of those added, last of those removed
        effective_on -> Nullable<Date>,
        applied_by -> Nullable<Text>,
        applied_at -> Nullable<Timestamptz>,
        /// recorded, reported_to_camat or forwarded_to_regent
        report_status -> Text,
        camat_letter_number -> Nullable<Text>,
        camat_letter_on -> Nullable<Date>,
        reported_by -> Nullable<Text>,
        reported_at -> Nullable<Timestamptz>,
        regent_letter_number -> Nullable<Text>,
        regent_letter_on -> Nullable<Date>,
        forwarded_by -> Nullable<Text>,
        forwarded_at -> Nullable<Timestamptz>,
        recorded_by -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        /// Called to change who receives (musdes khusus)
        is_special -> Bool,
    }
}

diesel::table! {
    /// What was handed over, to whom, with which proof; append-only
    deliveries (area_id, id, period) {
        area_id -> Int4,
        /// Period of the entitlement
        period -> Date,
        id -> Uuid,
        entitlement_id -> Uuid,
        program_id -> Uuid,
        beneficiary_id -> Uuid,
        quantity -> Numeric,
        delivered_on -> Date,
        collector_member_id -> Nullable<Uuid>,
        /// member of the family, or alternate with power of attorney
        collector_kind -> Text,
        /// Number of the paper that lets an alternate collect
        power_of_attorney -> Nullable<Text>,
        /// Number of the handover minutes (BAST)
        handover_number -> Text,
        /// SHA-256 of the signature or photo kept by the village
        proof_digest -> Nullable<Bytea>,
        proof_media_type -> Nullable<Text>,
        recorded_by -> Text,
        created_at -> Timestamptz,
        /// File of results that it came with
        delivery_import_id -> Nullable<Uuid>,
        /// Lot that it came from, where it came from stock
        stock_lot_id -> Nullable<Uuid>,
        /// Site that it came from
        stock_site_id -> Nullable<Uuid>,
        /// Name of an alternate whose paper was not on record
        receiver_name -> Nullable<Text>,
        /// Component of the benefit that it was for, where it was told
        component -> Nullable<Text>,
    }
}

diesel::table! {
    /// Deliveries of a batch with what became of each; append-only
    delivery_batch_items (area_id, delivery_batch_id, item_number) {
        area_id -> Int4,
        delivery_batch_id -> Uuid,
        item_number -> Int2,
        /// Id that the device gave the delivery
        id -> Uuid,
        content_digest -> Bytea,
        outcome -> Text,
        /// A batch before it had brought the same already
        is_repeated -> Bool,
        /// Where it was handed over, as the device says
        place -> Nullable<Text>,
    }
}

diesel::table! {
    /// What a device brought at once, signed by it; append-only
    delivery_batches (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        device_id -> Uuid,
        /// Number that the device gave it; they may arrive in any order
        sequence -> Int4,
        /// SHA-256 of the canonical text that was signed
        content_digest -> Bytea,
        signature -> Text,
        /// When the device closed it, by its own clock
        made_at -> Timestamptz,
        item_count -> Int4,
        accepted_count -> Int4,
        conflict_count -> Int4,
        sent_by -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// What a device says was handed over and cannot be: kept until somebody settles it
    delivery_conflicts (area_id, id) {
        area_id -> Int4,
        /// Id that the device gave the delivery
        id -> Uuid,
        delivery_batch_id -> Uuid,
        device_id -> Uuid,
        entitlement_id -> Uuid,
        /// What the device says happened
        said -> Jsonb,
        /// Why it cannot be, when it arrived
        code -> Text,
        pointer -> Nullable<Text>,
        about -> Nullable<Text>,
        status -> Text,
        settled_by -> Nullable<Text>,
        settled_at -> Nullable<Timestamptz>,
        settlement_reason -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Rows of a file of results that are no delivery, fault by fault; append-only
    delivery_import_rows (area_id, delivery_import_id, row_number, fault_number) {
        area_id -> Int4,
        delivery_import_id -> Uuid,
        /// Line of the file, the header being 1
        row_number -> Int4,
        fault_number -> Int2,
        outcome -> Text,
        entitlement_id -> Nullable<Uuid>,
        failed_on -> Nullable<Date>,
        /// Why nothing was handed over, as the file says
        failure_reason -> Nullable<Text>,
        column_name -> Nullable<Text>,
        code -> Nullable<Text>,
    }
}

diesel::table! {
    /// Files of results of a bank, the post or Bulog, each with what became of it
    delivery_imports (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        cycle_id -> Uuid,
        program_id -> Uuid,
        client_id -> Text,
        status -> Text,
        file_digest -> Bytea,
        rows_read -> Int4,
        rows_faulty -> Int4,
        /// Rows that say that nothing was handed over
        rows_failed -> Int4,
        deliveries_added -> Int4,
        /// Rows whose delivery was there already
        deliveries_known -> Int4,
        quantity_added -> Numeric,
        created_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// What was lost on the way, before it was handed over: it stays due; append-only
    delivery_losses (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        cycle_id -> Uuid,
        program_id -> Uuid,
        /// Village that it was for, where it was for one
        village_code -> Nullable<Text>,
        /// What it was for, where it was packed for one family
        entitlement_id -> Nullable<Uuid>,
        quantity -> Numeric,
        /// Where it was: in store, on the way, or where it is handed out
        stage -> Text,
        reason -> Text,
        remark -> Nullable<Text>,
        lost_on -> Date,
        /// Office, carrier or post that answers for it; not a person
        liable -> Text,
        /// Number of the report to the police
        police_report_number -> Nullable<Text>,
        /// Number of the minutes of the loss (BAST)
        handover_number -> Nullable<Text>,
        recorded_by -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// What came back of a delivery; append-only
    delivery_returns (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        delivery_id -> Uuid,
        /// Period of the entitlement
        period -> Date,
        entitlement_id -> Uuid,
        cycle_id -> Uuid,
        program_id -> Uuid,
        beneficiary_id -> Uuid,
        quantity -> Numeric,
        /// It is due to the family again; otherwise it is withdrawn for good
        is_due_again -> Bool,
        /// Nothing of the delivery stays with the family
        takes_rest -> Bool,
        /// Day of the delivery, from which on it does not count
        delivered_on -> Date,
        returned_on -> Date,
        reason -> Text,
        remark -> Nullable<Text>,
        /// Number of the minutes of the return (BAST)
        handover_number -> Nullable<Text>,
        recorded_by -> Text,
        created_at -> Timestamptz,
        /// Component that the delivery was for, where it was told
        component -> Nullable<Text>,
    }
}

diesel::table! {
    /// Devices that record deliveries without signal and sign what they bring
    devices (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        label -> Text,
        /// Ed25519 key that verifies its batches, in base64url
        public_key -> Text,
        /// Client that uses it
        client_id -> Text,
        status -> Text,
        registered_by -> Text,
        revoked_by -> Nullable<Text>,
        revoked_at -> Nullable<Timestamptz>,
        revocation_reason -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Groups of records that a run took for one person each; append-only
    duplicate_clusters (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        run_id -> Uuid,
        member_ids -> Array<Uuid>,
        /// Families that they were of, each once
        beneficiary_ids -> Array<Uuid>,
        member_count -> Int4,
    }
}

diesel::table! {
    /// What people decided on pairs, one after the other; append-only
    duplicate_decisions (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        pair_id -> Uuid,
        decision -> Text,
        reason -> Text,
        /// What comparing had told at the time
        finding -> Text,
        /// How sure it was at the time, in hundredths of a bit
        centibits -> Int4,
        client_id -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// Records that were made one, with what is needed to make them two again
    duplicate_mergers (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        /// Family that goes on
        beneficiary_id -> Uuid,
        /// Family that the other records were of; the same where one card had a person twice
        merged_beneficiary_id -> Uuid,
        /// Whether that family ended: it is the one household
        is_whole -> Bool,
        /// Of each person the id that goes on and the one that ended
        persons -> Jsonb,
        moved_enrollment_ids -> Array<Uuid>,
        /// The rows before, numbers sealed: what an undo restores
        before -> Jsonb,
        /// The rows after: where they are no longer so, an undo is refused
        after -> Jsonb,
        /// What the answer told of enrollments, needs and overlaps
        told -> Jsonb,
        reason -> Text,
        status -> Text,
        client_id -> Text,
        undone_by -> Nullable<Text>,
        undone_at -> Nullable<Timestamptz>,
        undo_reason -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// Pairs of members who may be one person, for somebody to decide on
    duplicate_pairs (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        one_member_id -> Uuid,
        other_member_id -> Uuid,
        /// Family of the one when they were last compared
        one_beneficiary_id -> Uuid,
        other_beneficiary_id -> Uuid,
        /// What comparing them told last: same, or look
        finding -> Text,
        /// Whether the last run over both found them alike
        is_found -> Bool,
        /// Hundredths of a bit: how sure it is that they are one person
        centibits -> Int4,
        /// What each field says, in bits
        fields -> Jsonb,
        /// open; decided: same or different; merged; cleared where a later run found them unlike
        status -> Text,
        /// Run that last found them alike, or found that they are no longer
        run_id -> Uuid,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamptz>,
        decision_reason -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Looks for records of one person in a sub-district, each with what came of it
    duplicate_runs (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        client_id -> Text,
        /// Import that the run follows; null where somebody asked for it
        import_id -> Nullable<Uuid>,
        /// Only members of these villages; null for all
        village_codes -> Nullable<Array<Text>>,
        status -> Text,
        step -> Text,
        members_read -> Int4,
        comparisons -> Int8,
        pairs_same -> Int4,
        pairs_look -> Int4,
        /// Groups of records that are one person
        persons_registered_again -> Int4,
        families_same -> Int4,
        pairs_cleared -> Int4,
        /// Whether the weights were learnt from these records, which takes thousands
        is_learnt -> Bool,
        /// Version of the normalisation of names
        normalisation -> Int2,
        /// By key: values that too many share, and how many records have them
        skipped -> Nullable<Jsonb>,
        /// What each level of each field said, as binary logarithms
        weights -> Nullable<Jsonb>,
        created_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
        /// Pairs that it found and left out, as there were more than a run tells
        pairs_left_out -> Int4,
    }
}

diesel::table! {
    /// What members did of their duties in a month; never changed, a correction is a new version
    duty_records (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        /// Family of the member when it was recorded
        beneficiary_id -> Uuid,
        member_id -> Uuid,
        kind -> Text,
        period -> Date,
        /// School days, visits or sessions that were due
        due_count -> Int4,
        /// Those that were kept
        done_count -> Int4,
        version -> Int4,
        /// The version that it takes the place of
        corrects -> Nullable<Uuid>,
        recorded_by -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// Steps of empowerment plans, each reached by evidence or waived by a second officer
    empowerment_milestones (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        plan_id -> Uuid,
        number -> Int2,
        kind -> Text,
        title -> Text,
        /// Day by which it is to be reached
        due_on -> Date,
        /// Numbers of milestones of the plan that are reached before
        needs -> Array<Int2>,
        /// Who made the plan, and cannot waive
        planned_by -> Text,
        status -> Text,
        evidence_kind -> Nullable<Text>,
        /// What shows it: a record of the kind in evidence_kind, once in a plan
        evidence_id -> Nullable<Uuid>,
        /// Period of a delivery, for the key
        evidence_period -> Nullable<Date>,
        /// Day that the evidence tells
        reached_on -> Nullable<Date>,
        reached_by -> Nullable<Text>,
        waived_on -> Nullable<Date>,
        waived_by -> Nullable<Text>,
        waiver_reason -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        /// The evidence, where it is a certificate; so that the key holds
        certificate_id -> Nullable<Uuid>,
        /// The evidence, where it is equipment in custody
        custody_id -> Nullable<Uuid>,
        /// The evidence, where it is a delivery of a program
        delivery_id -> Nullable<Uuid>,
        /// The evidence, where it is a handover of a pledge
        allocation_delivery_id -> Nullable<Uuid>,
        /// The evidence, where it is a follow-up
        follow_up_id -> Nullable<Uuid>,
        /// The evidence, where it is a home visit
        visit_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    /// A package of a program for one family, delivered in milestones
    empowerment_plans (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        /// Family; a live plan goes over with a merger
        beneficiary_id -> Uuid,
        program_id -> Uuid,
        /// Rule set whose package was planned
        rule_set_id -> Uuid,
        /// Enrollment that was active when it was planned
        enrollment_id -> Uuid,
        /// Day from which the days of its milestones are counted
        started_on -> Date,
        status -> Text,
        planned_by -> Text,
        completed_on -> Nullable<Date>,
        ended_on -> Nullable<Date>,
        /// Why it ended before all was reached
        end_reason -> Nullable<Text>,
        end_note -> Nullable<Text>,
        ended_by -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Which family is on which program; at most one live enrollment a family and program
    enrollments (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        program_id -> Uuid,
        beneficiary_id -> Uuid,
        rule_set_id -> Uuid,
        status -> Text,
        decided_by -> Text,
        /// Decree or minutes that confirmed it
        decree_number -> Nullable<Text>,
        /// Why it rests; only an explicit resumption ends that
        suspension_reason -> Nullable<Text>,
        exit_reason -> Nullable<Text>,
        started_on -> Date,
        ended_on -> Nullable<Date>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        /// Village whose quota it counts for: where the family lived when it got its place
        quota_village_code -> Text,
    }
}

diesel::table! {
    /// Past versions of enrollments, half-open from valid_from to valid_to; append-only
    enrollments_history (area_id, id, valid_from) {
        area_id -> Int4,
        id -> Uuid,
        valid_from -> Timestamptz,
        valid_to -> Timestamptz,
        version -> Int4,
        /// The row as it was
        record -> Jsonb,
        /// Who replaced this version
        client_id -> Text,
    }
}

diesel::table! {
    /// What is due to one family in one cycle; never changed
    entitlements (area_id, id, period) {
        area_id -> Int4,
        period -> Date,
        id -> Uuid,
        cycle_id -> Uuid,
        program_id -> Uuid,
        beneficiary_id -> Uuid,
        enrollment_id -> Uuid,
        village_code -> Text,
        quantity -> Numeric,
        /// What the list was decided on: decile, members, rule set
        snapshot -> Jsonb,
        /// Its parts by member and component, with what was cut; null where it is the same for every family
        breakdown -> Nullable<Jsonb>,
    }
}

diesel::table! {
    /// The event feed in the order it is told: thin, no personal data; append-only
    events (position, at) {
        /// Place in the feed; grows, may have gaps
        position -> Int8,
        at -> Timestamptz,
        id -> Uuid,
        /// What happened, such as beneficiary.registered
        kind -> Text,
        area_id -> Int4,
        company_id -> Nullable<Uuid>,
        /// Plural noun of the record, such as beneficiaries
        subject -> Text,
        subject_id -> Uuid,
        data -> Jsonb,
    }
}

diesel::table! {
    /// What a company can prove of a pledge, one row a version; append-only
    evidence_packs (id) {
        id -> Uuid,
        /// Pledge it is about; null where it is about all pledges of the company for the year
        pledge_id -> Nullable<Uuid>,
        company_id -> Uuid,
        /// Sub-district that it tells of; 0 where they are several
        area_id -> Int4,
        year -> Int2,
        version -> Int4,
        /// Canonical JSON (RFC 8785) that is hashed and signed; holds nothing of a single family
        content -> Text,
        /// SHA-256 of content
        digest -> Bytea,
        /// SHA-256 of the field groups 2 to 18: same inputs, same version
        inputs_digest -> Bytea,
        /// Detached JWS (EdDSA) over digest
        signature -> Text,
        /// Thumbprint of the key that signed
        key_id -> Text,
        made_by -> Text,
        created_at -> Timestamptz,
        /// Sub-districts that the pack of a year tells of
        area_ids -> Nullable<Array<Int4>>,
    }
}

diesel::table! {
    /// Lists that clients take out as files: what was asked for; the file itself is never kept
    exports (id) {
        id -> Uuid,
        /// Client it belongs to; nobody else sees it or gets its file
        client_id -> Text,
        /// Which list, such as beneficiaries
        list -> Text,
        format -> Text,
        /// Which rows of it
        filter -> Jsonb,
        /// Which columns of it, in their order
        fields -> Array<Text>,
        as_of -> Nullable<Timestamptz>,
        /// Whether NIK and family card numbers are masked or in full
        numbers -> Text,
        /// What full numbers are needed for
        purpose -> Nullable<Text>,
        status -> Text,
        /// Rows that the last writing of the file has handed out so far
        rows_written -> Int4,
        created_at -> Timestamptz,
        started_at -> Nullable<Timestamptz>,
        /// When the process that writes the file last said so
        progress_at -> Nullable<Timestamptz>,
        finished_at -> Nullable<Timestamptz>,
        /// When the file is no longer given out and the row may go
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    /// What became of a family after it got tools or training; never changed, a correction is a new version
    follow_ups (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        /// Entitlement of a program, or allocation of a pledge
        aid_id -> Uuid,
        source -> Text,
        beneficiary_id -> Uuid,
        village_code -> Text,
        program_id -> Nullable<Uuid>,
        pledge_id -> Nullable<Uuid>,
        /// Day of the first handover, from which the months are counted
        delivered_on -> Date,
        /// Months after which it was due
        month_mark -> Int2,
        visited_on -> Date,
        is_found -> Bool,
        /// The family still has the asset; null for a training
        is_held -> Nullable<Bool>,
        is_in_use -> Nullable<Bool>,
        is_working -> Nullable<Bool>,
        is_earning -> Nullable<Bool>,
        /// Income against what it was before
        income -> Nullable<Text>,
        is_on_aid -> Nullable<Bool>,
        note -> Nullable<Text>,
        version -> Int4,
        /// The version that it takes the place of
        corrects -> Nullable<Uuid>,
        recorded_by -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// When a family of the sub-district needs no aid any more; never changed, the newest counts
    graduation_criteria (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        /// Counts from 1 in each sub-district
        number -> Int4,
        /// Expression over the facts of eligibility
        readiness -> Text,
        /// How long a graduated family is looked after
        after_care_months -> Int4,
        /// Decree that sets them
        decree_number -> Text,
        effective_from -> Date,
        /// Last day, inclusive; null while open
        effective_to -> Nullable<Date>,
        created_by -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// Families that left aid because they stand on their own, and those of them that came back
    graduations (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        beneficiary_id -> Uuid,
        /// Where the family lived when it graduated
        village_code -> Text,
        criteria_id -> Uuid,
        graduated_on -> Date,
        /// Last day on which the sub-district looks after it
        after_care_until -> Date,
        /// Enrollments that ended with it
        enrollment_ids -> Array<Uuid>,
        note -> Nullable<Text>,
        decided_by -> Text,
        /// Day on which it needed aid again; null while it stands on its own
        returned_on -> Nullable<Date>,
        return_reason -> Nullable<Text>,
        return_note -> Nullable<Text>,
        returned_by -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// What a suspension order keeps back, entitlement by entitlement
    holds (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        suspension_order_id -> Uuid,
        period -> Date,
        entitlement_id -> Uuid,
        beneficiary_id -> Uuid,
        /// What of the entitlement was due, not delivered and not held when it began
        quantity -> Numeric,
        status -> Text,
        /// Of it, what may be delivered again
        released_quantity -> Numeric,
        /// Of it, what is never delivered: lapsed, reduced away or voided
        withdrawn_quantity -> Numeric,
        created_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        /// Of what is withdrawn, what was of the time of an order that pays no arrears
        lapsed_quantity -> Numeric,
        /// Of it, what passed with the entitlement to another family, where a hold of its own goes on; so does one for the rest
        passed_quantity -> Numeric,
    }
}

diesel::table! {
    /// Answers of writes, kept for 24 hours and given again to a retry with the same key
    idempotency_keys (client_id, route, key) {
        client_id -> Text,
        /// Method and path, such as POST /v1/beneficiaries
        route -> Text,
        key -> Text,
        /// SHA-256 of the request body; another body under the same key is refused
        body_digest -> Bytea,
        status -> Int2,
        headers -> Jsonb,
        body -> Bytea,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// Which live member holds a NIK, one in the nation
    identity_claims (nik_digest) {
        nik_digest -> Bytea,
        area_id -> Int4,
        member_id -> Uuid,
    }
}

diesel::table! {
    /// Whom the new persons of a file may be: members, or other rows; gone once the import has ended
    import_duplicates (area_id, import_id, row_number, candidate_number) {
        area_id -> Int4,
        import_id -> Uuid,
        /// Line of the file, the header being 1
        row_number -> Int4,
        /// 1 for the surest of a row
        candidate_number -> Int4,
        /// Earlier row that may be the same person; null where it is a member
        other_row_number -> Nullable<Int4>,
        member_id -> Nullable<Uuid>,
        /// Family of the member when they were compared
        beneficiary_id -> Nullable<Uuid>,
        finding -> Text,
        /// Hundredths of the binary logarithm of the odds that they are one person
        centibits -> Int4,
        fields -> Jsonb,
    }
}

diesel::table! {
    /// What is wrong with a row of an import; never the value itself
    import_faults (area_id, import_id, row_number, fault_number) {
        area_id -> Int4,
        import_id -> Uuid,
        /// Line of the file, the header being 1
        row_number -> Int4,
        fault_number -> Int2,
        column_name -> Nullable<Text>,
        code -> Text,
    }
}

diesel::table! {
    /// Live members whom a full list did not name when it was checked: shown before anybody leaves
    import_leavers (area_id, import_id, member_id) {
        area_id -> Int4,
        import_id -> Uuid,
        member_id -> Uuid,
        /// Family that the member would leave
        beneficiary_id -> Uuid,
    }
}

diesel::table! {
    /// How the columns and values of other systems' files are read: SIKS-NG, PKH and others
    import_mappings (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        name -> Text,
        /// Columns, values, constants and the form of dates; each import keeps the one it was read with
        layout -> Jsonb,
        version -> Int4,
        created_by -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// The file of an import as it was sent, sealed part by part; gone once nobody needs it
    import_parts (area_id, import_id, part_number) {
        area_id -> Int4,
        /// Without a foreign key: the file is here before the command that makes the import is known to be new
        import_id -> Uuid,
        /// 0 for the first part
        part_number -> Int4,
        bytes_sealed -> Bytea,
        received_at -> Timestamptz,
    }
}

diesel::table! {
    /// Files of families and members, each with what became of it
    imports (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        client_id -> Text,
        status -> Text,
        file_digest -> Bytea,
        rows_read -> Int4,
        /// Rows that are decided on so far; all of them once the import is applied
        rows_done -> Int4,
        rows_faulty -> Int4,
        families_created -> Int4,
        families_changed -> Int4,
        families_unchanged -> Int4,
        members_created -> Int4,
        members_changed -> Int4,
        members_unchanged -> Int4,
        created_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
        format -> Text,
        /// True where the file is applied as soon as it is checked
        is_automatic -> Bool,
        /// Village or sub-district that the file lists whole; null where absence says nothing
        full_list_of -> Nullable<Text>,
        mapping_id -> Nullable<Uuid>,
        /// The mapping as it was when the file was sent: what a later change of it does not move
        layout -> Nullable<Jsonb>,
        /// Families that a full list no longer names
        families_leaving -> Int4,
        /// Members whom a full list no longer names
        members_leaving -> Int4,
        /// How often it was begun again after its session was lost
        attempts -> Int4,
        /// Why it failed, where a code says so
        failure_code -> Nullable<Text>,
        checked_at -> Nullable<Timestamptz>,
        reviewed_at -> Nullable<Timestamptz>,
        reviewed_by -> Nullable<Text>,
        review_note -> Nullable<Text>,
        /// Client that applied or cancelled it
        decided_by -> Nullable<Text>,
        /// Allocations that wait for families whom a full list no longer names
        allocations_reserved -> Int4,
        /// How many pairs a look before it is applied found, or why there was none; null before it
        possible_duplicates -> Nullable<Jsonb>,
    }
}

diesel::table! {
    /// Places a pledged quantity can be, one unit each
    ledger_accounts (id) {
        id -> Uuid,
        /// Sub-district whose ledger it stands in
        area_id -> Int4,
        kind -> Text,
        unit -> Text,
        /// Company for promise; pledge line, stock lot, or a lot at a site (stock place) for the others
        owner_id -> Uuid,
        /// True where the balance may never be below zero
        is_floored -> Bool,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// Sum of the transfers of each account, kept under a condition; re-summed nightly
    ledger_balances (account_id) {
        account_id -> Uuid,
        posted -> Numeric,
        is_floored -> Bool,
    }
}

diesel::table! {
    /// Movements of a quantity from one account to another; append-only
    ledger_transfers (id) {
        id -> Uuid,
        area_id -> Int4,
        /// Account the quantity leaves
        debit_account_id -> Uuid,
        /// Account the quantity enters
        credit_account_id -> Uuid,
        unit -> Text,
        quantity -> Numeric,
        code -> Text,
        /// Pledge or stock lot the movement is of
        group_id -> Uuid,
        /// The transfer that this one takes back
        corrects_id -> Nullable<Uuid>,
        client_id -> Text,
        at -> Timestamptz,
        /// What the movement is of
        group_kind -> Text,
    }
}

diesel::table! {
    /// What a run did, or would do, for each family, and why no more; goes with a preview that nobody committed
    matching_run_families (area_id, run_id, beneficiary_id) {
        area_id -> Int4,
        run_id -> Uuid,
        beneficiary_id -> Uuid,
        /// Where the family lived when the run looked
        village_code -> Text,
        verdict -> Text,
        /// Place in the order of the run, 1 first
        place -> Nullable<Int4>,
        granted_portions -> Int4,
        /// Portions that it had elsewhere in this round of aid
        aided_portions -> Int4,
        /// Lines, needs and quantities
        grants -> Jsonb,
        /// The proof that those who hold what it could get go before it
        refusal -> Nullable<Jsonb>,
        /// Decile when the run looked
        decile -> Nullable<Int4>,
        /// Whole months since the last aid then, twelve at most
        months_since_aid -> Nullable<Int4>,
        /// Lot that it drew under the seed of the run
        lot -> Nullable<Int8>,
        /// Aid of the round of aid that counts to the cap
        aids -> Jsonb,
    }
}

diesel::table! {
    /// What a run takes, or would take, of each line; of no family; goes with a preview that nobody committed
    matching_run_lines (run_id, pledge_line_id) {
        run_id -> Uuid,
        pledge_line_id -> Uuid,
        area_id -> Int4,
        pledge_id -> Uuid,
        company_id -> Uuid,
        kind -> Text,
        unit -> Text,
        /// What one family gets at a turn at most
        portion -> Numeric,
        free_quantity -> Numeric,
        allocated_quantity -> Numeric,
        /// Transfer that reserves it when the run is carried out
        transfer_id -> Uuid,
    }
}

diesel::table! {
    /// Runs that match what is free of all pledges with open needs, first told, then carried out
    matching_runs (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        status -> Text,
        /// Rules of the run, its published seed among them
        policy -> Jsonb,
        /// SHA-256 of all that the run looked at; it is carried out only while that is the same
        input_digest -> Bytea,
        line_count -> Int4,
        /// Verified families with an open need of the kinds
        family_count -> Int4,
        served_family_count -> Int4,
        portion_count -> Int4,
        /// The run without a name, for whoever checks it
        transcript -> Text,
        created_by -> Text,
        created_at -> Timestamptz,
        committed_by -> Nullable<Text>,
        committed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// What live members share who may be one person; made of their records, and made again when these change
    member_keys (area_id, member_id) {
        area_id -> Int4,
        member_id -> Uuid,
        beneficiary_id -> Uuid,
        /// Keyed digest of the area and birth date in the NIK: a slip in the serial keeps it
        nik_start -> Nullable<Int8>,
        /// Keyed digest of the birth date and serial in the NIK: a slip in the area keeps it
        nik_end -> Nullable<Int8>,
        /// Birth date and village
        born_village -> Nullable<Int8>,
        /// Birth date and the rarest word of the name
        born_word -> Nullable<Int8>,
        /// The words of the name, in any order, and the village
        name_village -> Nullable<Int8>,
        /// The rarest word of the name, village and year of birth
        first_word -> Nullable<Int8>,
        /// The next one, village and year of birth
        second_word -> Nullable<Int8>,
        /// The words of both names, in any order
        name_mother -> Nullable<Int8>,
        /// Telephone and sex
        phone_sex -> Nullable<Int8>,
        /// Version of the member that the keys are of
        member_version -> Int4,
        /// Version of the family that the keys are of
        family_version -> Int4,
        /// Version of the normalisation of names
        normalisation -> Int2,
    }
}

diesel::table! {
    /// Persons; a membership ties each to at most one live family
    members (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        /// NIK, sealed (AES-256-GCM-SIV) under the key its first byte names; null where there is none yet
        nik_sealed -> Nullable<Bytea>,
        /// Keyed digest (HMAC-SHA-256) of the NIK; unique in the nation through identity_claims
        nik_digest -> Nullable<Bytea>,
        /// none, structure_ok, matched (with the civil registry) or conflict
        nik_status -> Text,
        name -> Text,
        sex -> Text,
        born_on -> Nullable<Date>,
        birth_place -> Nullable<Text>,
        mother_name -> Nullable<Text>,
        work -> Nullable<Text>,
        is_pregnant -> Bool,
        has_disability -> Bool,
        in_school -> Bool,
        died_on -> Nullable<Date>,
        /// Codes of checks that hold now and do not refuse, such as nik_birth_date_differs
        warnings -> Array<Text>,
        version -> Int4,
        valid_from -> Timestamptz,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        /// Facts by name, each with value, source and observed_on; null where there are none
        attributes -> Nullable<Jsonb>,
        /// Schema that the attributes were checked by when they were written
        attribute_schema_id -> Nullable<Uuid>,
        /// When the NIK was compared with the civil registry; null again once the NIK changes
        nik_checked_at -> Nullable<Timestamptz>,
        /// Client that recorded what came of it
        nik_checked_by -> Nullable<Text>,
    }
}

diesel::table! {
    /// Past versions of members, half-open from valid_from to valid_to; append-only
    members_history (area_id, id, valid_from) {
        area_id -> Int4,
        id -> Uuid,
        valid_from -> Timestamptz,
        valid_to -> Timestamptz,
        version -> Int4,
        /// The row as it was, without the NIK
        record -> Jsonb,
        nik_sealed -> Nullable<Bytea>,
        /// Who replaced this version
        client_id -> Text,
        /// operationId of the API that replaced this version
        operation -> Nullable<Text>,
        /// Why, where the client told; no personal data
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    /// Which person belongs to which family, from when to when
    memberships (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        beneficiary_id -> Uuid,
        member_id -> Uuid,
        /// To the head of the family
        relationship -> Text,
        started_on -> Date,
        ended_on -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        /// When the row became what it is; what it was is in memberships_history
        valid_from -> Timestamptz,
    }
}

diesel::table! {
    /// What memberships were, half-open from valid_from to valid_to; append-only
    memberships_history (area_id, id, valid_from) {
        area_id -> Int4,
        id -> Uuid,
        valid_from -> Timestamptz,
        valid_to -> Timestamptz,
        /// The row as it was
        record -> Jsonb,
        /// Who replaced it
        client_id -> Text,
    }
}

diesel::table! {
    /// What one unit of a package is made of, by kind of help
    need_kind_contents (package, kind) {
        /// Kind of the category package
        package -> Text,
        /// Kind that is in it
        kind -> Text,
        /// How many units of that kind
        units -> Int4,
    }
}

diesel::table! {
    /// Kinds of help a family can need and a company can pledge
    need_kinds (code) {
        code -> Text,
        name -> Text,
        category -> Text,
        unit -> Text,
        /// True where only whole units exist
        is_whole -> Bool,
        /// Most one family can need; the anonymous list counts in steps of it
        family_quantity_max -> Numeric,
        /// Field (bidang) of the regional law that pledges of this kind count for, unless they say otherwise
        field -> Text,
        /// What families have of it, in the kinds of programs: a package is equipment
        aid_kind -> Text,
    }
}

diesel::table! {
    /// What a family needs to earn for itself or to live, by kind
    needs (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        beneficiary_id -> Uuid,
        kind -> Text,
        quantity -> Numeric,
        /// Reserved or delivered from pledges; what came back and is not needed any more counts on
        met_quantity -> Numeric,
        status -> Text,
        recorded_by -> Text,
        withdrawal_reason -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Families to whom a benefit that is given once was due, by rule set; carried along into another sub-district
    once_entitlements (area_id, beneficiary_id, rule_set_id) {
        area_id -> Int4,
        beneficiary_id -> Uuid,
        rule_set_id -> Uuid,
        /// Period of the cycle that it was due in
        period -> Date,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// Events written with the change they tell of, until the relay gives them their place
    outbox (id) {
        id -> Uuid,
        kind -> Text,
        area_id -> Int4,
        company_id -> Nullable<Uuid>,
        subject -> Text,
        subject_id -> Uuid,
        data -> Jsonb,
        at -> Timestamptz,
    }
}

diesel::table! {
    /// The programs of an overlap rule; a program stands on one side of it
    overlap_rule_programs (rule_id, program_id) {
        rule_id -> Uuid,
        program_id -> Uuid,
        /// 1, or 2 for those that the programs of side 1 exclude
        side -> Int2,
    }
}

diesel::table! {
    /// Which programs a family may not have together, between two days; only ever ended
    overlap_rules (id) {
        id -> Uuid,
        /// Sub-district that made it and that it holds in; null for one of the state
        owner_area_id -> Nullable<Int4>,
        code -> Text,
        /// excludes: no program of side 1 with one of side 2; one_of: at most so many of side 1
        kind -> Text,
        /// At most so many of the programs of one_of for one family
        most -> Int2,
        legal_basis_title -> Text,
        legal_basis_number -> Text,
        legal_basis_article -> Nullable<Text>,
        effective_from -> Date,
        /// Last day, inclusive; null while open
        effective_to -> Nullable<Date>,
        created_by -> Text,
        ended_by -> Nullable<Text>,
        ended_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// What of an entitlement passed to the family that took the place of the one it was due to; append-only
    passed_entitlements (area_id, entitlement_id) {
        area_id -> Int4,
        entitlement_id -> Uuid,
        new_entitlement_id -> Uuid,
        /// Period of both entitlements
        period -> Date,
        cycle_id -> Uuid,
        program_id -> Uuid,
        replacement_id -> Uuid,
        /// Family of the entitlement that it was of
        beneficiary_id -> Uuid,
        new_beneficiary_id -> Uuid,
        /// Due of it and not handed over until then
        left_quantity -> Numeric,
        /// Of that, what passed: all that is due by the new entitlement
        quantity -> Numeric,
        /// Of what passed, what suspension orders held and hold on
        held_quantity -> Numeric,
        /// First day of the family that took over
        taken_over_on -> Date,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// What was proposed, agreed and refused of committed pledges
    pledge_decisions (id) {
        id -> Uuid,
        pledge_id -> Uuid,
        company_id -> Uuid,
        area_id -> Int4,
        kind -> Text,
        status -> Text,
        reason -> Text,
        /// What is decided, as its kind has it
        terms -> Jsonb,
        /// Transfers that it posted; none before it is agreed
        transfer_ids -> Array<Uuid>,
        proposed_by -> Text,
        /// The second person, or who took it back; null where one is enough
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamptz>,
        decision_reason -> Nullable<Text>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// What a company says of a pledge for its reports; append-only, the newest counts
    pledge_disclosures (id) {
        id -> Uuid,
        pledge_id -> Uuid,
        version -> Int4,
        operation_site -> Nullable<Text>,
        /// Ring around the site of operation, 1 the innermost
        site_ring -> Nullable<Int2>,
        /// Field of the community program of a mine (PPM)
        ppm_field -> Nullable<Text>,
        late_reason -> Nullable<Text>,
        overhead_rupiah -> Nullable<Int8>,
        transport_rupiah -> Nullable<Int8>,
        /// Standards that lines count for, by line
        lines -> Jsonb,
        disclosed_by -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// What was promised of a line, and by when, until it changed; append-only
    pledge_line_plans (pledge_line_id, ended_at) {
        pledge_line_id -> Uuid,
        /// When the plan after it began
        ended_at -> Timestamptz,
        /// What was promised then; nothing before the line was there
        quantity -> Numeric,
        /// Days by which parts of it were due, in their order
        installments -> Jsonb,
    }
}

diesel::table! {
    /// What is promised: a kind, a quantity and the villages it is for
    pledge_lines (id) {
        id -> Uuid,
        pledge_id -> Uuid,
        kind -> Text,
        quantity -> Numeric,
        unit -> Text,
        unit_value_rupiah -> Int8,
        /// How unit_value_rupiah was found (PP 93/2010 art. 6)
        valuation_basis -> Text,
        /// Earmark: villages whose families may get it
        village_codes -> Array<Text>,
        /// Days by which parts of it are due, in their order; they add up to quantity
        installments -> Jsonb,
        /// Whether it was pledged, or came of an amendment, a surplus or a reallocation
        origin -> Text,
        /// Line that a surplus was received for, or that stock came from
        source_line_id -> Nullable<Uuid>,
        /// Field (bidang) of the regional law that it counts for
        field -> Text,
    }
}

diesel::table! {
    /// A promise of one company to one sub-district for one year
    pledges (id) {
        id -> Uuid,
        company_id -> Uuid,
        /// Sub-district whose forum decides on it
        area_id -> Int4,
        title -> Text,
        year -> Int2,
        status -> Text,
        agreement_number -> Nullable<Text>,
        submitted_at -> Nullable<Timestamptz>,
        first_accepted_by -> Nullable<Text>,
        accepted_by -> Nullable<Text>,
        accepted_at -> Nullable<Timestamptz>,
        decision_reason -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Held by whoever gives places of a program in a sub-district, so that two do not give the same one
    program_places (area_id, program_id) {
        area_id -> Int4,
        program_id -> Uuid,
        /// Last place of the reserve list that was given
        last_place -> Int4,
    }
}

diesel::table! {
    /// Aid programs: rice, BLT, PKH, tools, training
    programs (id) {
        id -> Uuid,
        /// Short name used in rules, such as PKH; two sub-districts may each have one of that name
        code -> Text,
        name -> Text,
        kind -> Text,
        /// What is counted: IDR, kg, unit, seat
        unit -> Text,
        description -> Text,
        /// Sub-district that defined it; null for a program of the state
        owner_area_id -> Nullable<Int4>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// How many families of a village, or of the sub-district, a program takes; never changed, the newest counts
    quotas (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        program_id -> Uuid,
        /// Null where it is for the sub-district as a whole
        village_code -> Nullable<Text>,
        places -> Int4,
        /// Decree or letter that gives the places
        decree_number -> Text,
        effective_from -> Date,
        /// Last day, inclusive; null while open
        effective_to -> Nullable<Date>,
        set_by -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// What is wrong with a row of a file of ranks; never the value itself
    rank_import_faults (area_id, rank_import_id, row_number, fault_number) {
        area_id -> Int4,
        rank_import_id -> Uuid,
        /// Line of the file, the header being 1
        row_number -> Int4,
        fault_number -> Int2,
        column_name -> Nullable<Text>,
        code -> Text,
    }
}

diesel::table! {
    /// Files of welfare ranks, each with what became of it
    rank_imports (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        client_id -> Text,
        status -> Text,
        file_digest -> Bytea,
        rows_read -> Int4,
        rows_faulty -> Int4,
        ranks_added -> Int4,
        /// Rows whose rank was there already, with the same decile
        ranks_known -> Int4,
        /// Families whose latest rank is another now
        families_changed -> Int4,
        created_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// Requests leased by each client in a minute, over all processes of the service
    rate_windows (client_id, window_start) {
        client_id -> Text,
        window_start -> Timestamptz,
        used -> Int4,
    }
}

diesel::table! {
    /// What the company gave; append-only
    receipts (id) {
        id -> Uuid,
        pledge_id -> Uuid,
        pledge_line_id -> Uuid,
        quantity -> Numeric,
        /// Number of the handover minutes (BAST) or the bank reference
        handover_number -> Text,
        received_on -> Date,
        recorded_by -> Text,
        transfer_id -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// Editions of the official region codes that have been loaded
    region_editions (edition) {
        /// Decree that fixed the codes, such as Kepmendagri 300.2.2-2430/2025
        edition -> Text,
        /// True for the one edition that new records are checked against
        is_current -> Bool,
        /// When the edition was loaded
        loaded_at -> Timestamptz,
    }
}

diesel::table! {
    /// Official regions by edition: province, regency, district (kecamatan), village
    regions (edition, code) {
        /// Edition the row belongs to
        edition -> Text,
        /// Kemendagri code, PP.KK.CC.DDDD
        code -> Text,
        /// province, regency, district or village
        level -> Text,
        /// Name as the edition writes it
        name -> Text,
        /// Code of the region one level up; null for a province
        parent_code -> Nullable<Text>,
        /// Code of the statistics office, where known
        bps_code -> Nullable<Text>,
        /// Sub-district the region is or lies in; null above that level
        area_id -> Nullable<Int4>,
    }
}

diesel::table! {
    /// Moves of families to another village; into another sub-district offered by the one and accepted by the other
    relocations (area_id, id) {
        /// Sub-district that the family leaves
        area_id -> Int4,
        id -> Uuid,
        beneficiary_id -> Uuid,
        /// Sub-district that it goes to; it sees the row as well
        to_area_id -> Int4,
        from_village_code -> Text,
        village_code -> Text,
        address -> Nullable<Text>,
        moved_on -> Date,
        /// Name of the head when it was offered, for those who decide
        head_name -> Text,
        member_count -> Int4,
        status -> Text,
        reason -> Nullable<Text>,
        offered_by -> Text,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamptz>,
        decision_reason -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Which family took the place of which, by which papers; append-only
    replacements (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        program_id -> Uuid,
        /// Village whose place it is
        village_code -> Text,
        reason -> Text,
        enrollment_id -> Uuid,
        beneficiary_id -> Uuid,
        new_enrollment_id -> Uuid,
        new_beneficiary_id -> Uuid,
        /// Its place on the reserve list; null where it was named
        reserve_place -> Nullable<Int4>,
        /// Statement of absolute responsibility (SPTJM)
        sptjm_number -> Text,
        /// Minutes of the handover (BAST)
        handover_number -> Text,
        /// Special village meeting that decided it, where the rule set asks for one
        deliberation_id -> Nullable<Uuid>,
        replaced_on -> Date,
        decided_by -> Text,
        created_at -> Timestamptz,
        /// What is still due of months to come passes to the new family; false for those before this was asked
        takes_over_due -> Bool,
    }
}

diesel::table! {
    /// Families that wait for a place of a program, in the order of their places
    reserves (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        program_id -> Uuid,
        beneficiary_id -> Uuid,
        rule_set_id -> Uuid,
        /// Village whose quota it waits for: where the family lived when it got the place
        village_code -> Text,
        /// Smaller ones first; places that are given up stay empty
        place -> Int4,
        status -> Text,
        /// Which quota was full, or that a meeting decided it
        reason -> Text,
        /// What the order of the list followed
        ordered_by -> Text,
        decile -> Nullable<Int2>,
        decree_number -> Nullable<Text>,
        /// What it became, once a place was free
        enrollment_id -> Nullable<Uuid>,
        removal_reason -> Nullable<Text>,
        placed_by -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Versions of the rules of a program, each with dates and legal basis; never changed
    rule_sets (id) {
        id -> Uuid,
        program_id -> Uuid,
        /// 1 for the first version of the program
        number -> Int4,
        /// CEL expression over the catalogue of facts
        eligibility -> Text,
        /// Due to a family in a period, in the unit of the program; where it goes by members, the most that one can get
        benefit_quantity -> Numeric,
        benefit_period -> Text,
        legal_basis_title -> Text,
        legal_basis_number -> Text,
        legal_basis_article -> Nullable<Text>,
        effective_from -> Date,
        /// Last day, inclusive; null while open
        effective_to -> Nullable<Date>,
        created_by -> Text,
        created_at -> Timestamptz,
        /// Who may take the place of a family that leaves: the next of the reserve list, or one that is named as well
        replacement_source -> Text,
        /// A special village meeting has to decide each replacement
        replacement_needs_meeting -> Bool,
        /// What a family gets and for whom, by its kind
        benefit -> Jsonb,
    }
}

diesel::table! {
    /// Goods in stock that are gone: proposed by one person, booked when another one agrees
    stock_losses (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        stock_lot_id -> Uuid,
        stock_site_id -> Uuid,
        quantity -> Numeric,
        reason -> Text,
        remark -> Nullable<Text>,
        lost_on -> Date,
        /// Number of the minutes of the loss (berita acara)
        minutes_number -> Text,
        /// Office, carrier or post that answers for it; not a person
        liable -> Text,
        /// Loss of a cycle that it was told with
        delivery_loss_id -> Nullable<Uuid>,
        status -> Text,
        proposed_by -> Text,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamptz>,
        decision_reason -> Nullable<Text>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Goods that came in together by one delivery note; never changed, what moves is in the ledger
    stock_lots (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        item -> Text,
        unit -> Text,
        /// True where half a unit means nothing
        counts_whole_units -> Bool,
        /// Program that it is for; null where it is for any that counts in its unit
        program_id -> Nullable<Uuid>,
        /// Site that it came to
        stock_site_id -> Uuid,
        /// How much came
        quantity -> Numeric,
        source -> Text,
        /// Office, firm or donor that brought it; not a person
        supplier -> Text,
        delivery_note_number -> Text,
        received_on -> Date,
        expires_on -> Nullable<Date>,
        quality -> Text,
        remark -> Nullable<Text>,
        recorded_by -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// Why goods in stock moved; the ledger has a transfer of the same id; append-only
    stock_movements (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        stock_lot_id -> Uuid,
        kind -> Text,
        from_site_id -> Nullable<Uuid>,
        to_site_id -> Nullable<Uuid>,
        quantity -> Numeric,
        /// What was counted; the movement is what it differs by
        counted_quantity -> Nullable<Numeric>,
        moved_on -> Date,
        document_number -> Text,
        remark -> Nullable<Text>,
        /// Cycle whose hand-over day it went to or came back from
        cycle_id -> Nullable<Uuid>,
        /// Delivery to a family that it went to or came back from
        delivery_id -> Nullable<Uuid>,
        delivery_return_id -> Nullable<Uuid>,
        stock_loss_id -> Nullable<Uuid>,
        recorded_by -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// A lot at a site, which owns one account of the ledger
    stock_places (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        stock_lot_id -> Uuid,
        stock_site_id -> Uuid,
    }
}

diesel::table! {
    /// Places that keep goods of programs: warehouses, offices, village halls, posts, boats
    stock_sites (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        name -> Text,
        kind -> Text,
        village_code -> Text,
        /// Office that answers for what is there; not a person
        keeper -> Text,
        /// Day from which on nothing is kept there; null while it is open
        closed_on -> Nullable<Date>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Cited directives that stop a program, or a part of it, in a sub-district for a while
    suspension_orders (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        program_id -> Uuid,
        status -> Text,
        directive_title -> Text,
        directive_number -> Text,
        directive_article -> Nullable<Text>,
        directive_dated_on -> Date,
        reason -> Text,
        /// First day of a period that is stopped: cycles with a day in reach are held
        effective_from -> Date,
        /// Last such day, inclusive; null while the directive names none
        effective_to -> Nullable<Date>,
        laid_by -> Text,
        /// What became of what was held: released, reduced or voided
        outcome -> Nullable<Text>,
        released_by -> Nullable<Text>,
        released_at -> Nullable<Timestamptz>,
        release_reason -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        /// Where the document is found: its address or its number in the archive
        directive_document_reference -> Nullable<Text>,
        /// SHA-256 of the document
        directive_document_digest -> Nullable<Bytea>,
        /// Villages whose families it reaches, by the frozen list; empty for all
        village_codes -> Array<Text>,
        /// Cycles it reaches, of those with a day in its dates; empty for all of them
        cycle_ids -> Array<Uuid>,
        /// Component of the benefit it reaches; null for all that is due
        component -> Nullable<Text>,
        /// Whether what was held for the time it stopped is paid; null while in force and where voided
        pays_arrears -> Nullable<Bool>,
        /// Without arrears: what it held for months before this day lapsed
        resumes_on -> Nullable<Date>,
    }
}

diesel::table! {
    /// Certificates of those who attended a training well enough
    training_certificates (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        training_id -> Uuid,
        participant_id -> Uuid,
        beneficiary_id -> Uuid,
        member_id -> Uuid,
        /// Number of the letter, once in a sub-district
        number -> Text,
        issued_on -> Date,
        /// What it certifies: the competence standard, or else the title
        competence -> Text,
        /// Of the lesson hours, when it was issued
        attended_percent -> Int2,
        issued_by -> Text,
        revoked_at -> Nullable<Timestamptz>,
        revoked_by -> Nullable<Text>,
        revocation_reason -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Members who have a seat in a training; who withdraws frees it
    training_participants (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        training_id -> Uuid,
        /// Family of the member when it was registered
        beneficiary_id -> Uuid,
        member_id -> Uuid,
        /// Entitlement or allocation that the seat is of, where there is one
        aid_id -> Nullable<Uuid>,
        /// What an assessor found; null where nobody assessed
        assessment -> Nullable<Text>,
        assessed_by -> Nullable<Text>,
        assessed_at -> Nullable<Timestamptz>,
        withdrawn_at -> Nullable<Timestamptz>,
        withdrawn_by -> Nullable<Text>,
        withdrawal_reason -> Nullable<Text>,
        registered_by -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Sessions of a training
    training_sessions (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        training_id -> Uuid,
        held_on -> Date,
        /// Lesson hours (jam pelajaran); attendance is counted in them
        lesson_hours -> Int2,
        topic -> Text,
        /// Where it is not at the place of the training
        place -> Nullable<Text>,
        scheduled_by -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// Trainings: of which skill, by whom, where and when, for how many, and where they stand
    trainings (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        title -> Text,
        kind -> Text,
        provider -> Text,
        program_id -> Nullable<Uuid>,
        /// Line of a pledge that pays for it; no foreign key, it is on the company side
        pledge_line_id -> Nullable<Uuid>,
        pledge_id -> Nullable<Uuid>,
        /// Company of that line, which is told of the figures
        company_id -> Nullable<Uuid>,
        village_code -> Text,
        place -> Text,
        seats -> Int2,
        begins_on -> Date,
        ends_on -> Date,
        /// Unit of the national competence standards (SKKNI)
        competence_standard -> Nullable<Text>,
        /// Of the lesson hours, needed for the certificate
        minimum_attendance_percent -> Int2,
        status -> Text,
        cancellation_reason -> Nullable<Text>,
        planned_by -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Rounds of home visits, each with a work list that was frozen when it opened
    verification_rounds (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        title -> Text,
        /// Which families: an expression over the facts, as rule sets have it
        rule -> Text,
        /// Day that ages and days since a visit were counted at
        reference_on -> Date,
        /// Villages it is held to; null for the whole sub-district
        village_codes -> Nullable<Array<Text>>,
        due_on -> Date,
        status -> Text,
        /// Families on its list
        task_count -> Int4,
        opened_by -> Text,
        closed_by -> Nullable<Text>,
        closed_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        /// Program whose targeting a sample measures; null where the round is no sample
        program_id -> Nullable<Uuid>,
        /// What the sample was drawn by: the same seed and families give the same sample
        seed -> Nullable<Int4>,
        /// Families and drawn families of each village when the list froze
        strata -> Nullable<Jsonb>,
    }
}

diesel::table! {
    /// Families of a round's frozen list, each with what its last visit found
    verification_tasks (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        round_id -> Uuid,
        beneficiary_id -> Uuid,
        /// Where the family lived when the list froze
        village_code -> Text,
        /// Its rank then
        decile -> Nullable<Int2>,
        /// Client that is to visit; null for whoever comes
        assigned_to -> Nullable<Text>,
        finding -> Nullable<Text>,
        visit_id -> Nullable<Uuid>,
        visited_at -> Nullable<Timestamptz>,
        /// On the program when a sample was drawn; null where the round is no sample
        is_aided -> Nullable<Bool>,
        /// Poor by the field criterion, as its last visit says
        is_poor -> Nullable<Bool>,
    }
}

diesel::table! {
    /// Home visits and what each found; append-only
    visits (area_id, id) {
        area_id -> Int4,
        id -> Uuid,
        beneficiary_id -> Uuid,
        round_id -> Nullable<Uuid>,
        /// When, as the visitor's device says; it may have been sent much later
        visited_at -> Timestamptz,
        finding -> Text,
        note -> Nullable<Text>,
        /// Digests, media types and places of what the visitor keeps; never the thing itself
        evidence -> Jsonb,
        /// The family's record was confirmed by it
        has_confirmed -> Bool,
        recorded_by -> Text,
        created_at -> Timestamptz,
        /// Poor by the field criterion, as the visitor found; null where that was not asked or not seen
        is_poor -> Nullable<Bool>,
    }
}

diesel::table! {
    /// Events on their way to a webhook, and those that arrived; kept for 30 days
    webhook_deliveries (webhook_id, id) {
        webhook_id -> Uuid,
        id -> Uuid,
        /// Sent on demand to try the address; of no event in the feed
        is_test -> Bool,
        /// Place of the event in the feed; 0 for a test
        event_position -> Int8,
        /// When the event happened; names its partition
        event_at -> Timestamptz,
        event_id -> Uuid,
        event_type -> Text,
        subject_id -> Uuid,
        status -> Text,
        /// Attempts made or under way
        attempt_count -> Int2,
        last_attempt_at -> Nullable<Timestamptz>,
        /// HTTP status of the last answer; null where there was none
        last_status -> Nullable<Int2>,
        last_failure -> Nullable<Text>,
        /// When it is due; while it is claimed, when another may take it
        next_attempt_at -> Nullable<Timestamptz>,
        /// Until then a process is sending it
        claimed_until -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// How far of the event feed has been handed to the webhooks: one row
    webhook_progress (id) {
        id -> Int4,
        position -> Int8,
    }
}

diesel::table! {
    /// Addresses that clients want their part of the event feed sent to
    webhooks (id) {
        id -> Uuid,
        /// Client it belongs to, whose areas or company decide what is sent
        client_id -> Text,
        url -> Text,
        title -> Nullable<Text>,
        /// Kinds of events that are sent; empty for all
        event_types -> Array<Text>,
        is_enabled -> Bool,
        /// Why nothing is sent; null while it is enabled
        disabled_reason -> Nullable<Text>,
        /// First of the failures since the last success; null where there is none
        failing_since -> Nullable<Timestamptz>,
        /// Secret that signs (HMAC), sealed under the service's key
        secret_sealed -> Bytea,
        /// Secret before that one, which signs as well for a while
        earlier_secret_sealed -> Nullable<Bytea>,
        earlier_secret_until -> Nullable<Timestamptz>,
        /// Ed25519 key that signs, sealed under the service's key
        private_key_sealed -> Bytea,
        /// Its public half, as a receiver takes it
        public_key -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Deciles by source and period: a series, never overwritten, never computed here
    welfare_ranks (area_id, beneficiary_id, source, period) {
        area_id -> Int4,
        beneficiary_id -> Uuid,
        /// Such as DTSEN
        source -> Text,
        /// First day of the period the rank is for
        period -> Date,
        decile -> Int2,
        recorded_at -> Timestamptz,
    }
}

diesel::joinable!(assets -> need_kinds (kind));
diesel::joinable!(assets -> programs (program_id));
diesel::joinable!(carried_entitlements -> programs (program_id));
diesel::joinable!(clients -> companies (company_id));
diesel::joinable!(complaints -> programs (program_id));
diesel::joinable!(cycle_months -> programs (program_id));
diesel::joinable!(cycles -> programs (program_id));
diesel::joinable!(cycles -> rule_sets (rule_set_id));
diesel::joinable!(deliberations -> programs (program_id));
diesel::joinable!(delivery_losses -> programs (program_id));
diesel::joinable!(empowerment_plans -> programs (program_id));
diesel::joinable!(empowerment_plans -> rule_sets (rule_set_id));
diesel::joinable!(enrollments -> programs (program_id));
diesel::joinable!(enrollments -> rule_sets (rule_set_id));
diesel::joinable!(evidence_packs -> companies (company_id));
diesel::joinable!(evidence_packs -> pledges (pledge_id));
diesel::joinable!(ledger_balances -> ledger_accounts (account_id));
diesel::joinable!(needs -> need_kinds (kind));
diesel::joinable!(once_entitlements -> rule_sets (rule_set_id));
diesel::joinable!(overlap_rule_programs -> overlap_rules (rule_id));
diesel::joinable!(overlap_rule_programs -> programs (program_id));
diesel::joinable!(overlap_rules -> areas (owner_area_id));
diesel::joinable!(pledge_decisions -> companies (company_id));
diesel::joinable!(pledge_decisions -> pledges (pledge_id));
diesel::joinable!(pledge_disclosures -> pledges (pledge_id));
diesel::joinable!(pledge_line_plans -> pledge_lines (pledge_line_id));
diesel::joinable!(pledge_lines -> need_kinds (kind));
diesel::joinable!(pledge_lines -> pledges (pledge_id));
diesel::joinable!(pledges -> areas (area_id));
diesel::joinable!(pledges -> companies (company_id));
diesel::joinable!(program_places -> programs (program_id));
diesel::joinable!(programs -> areas (owner_area_id));
diesel::joinable!(quotas -> programs (program_id));
diesel::joinable!(receipts -> pledge_lines (pledge_line_id));
diesel::joinable!(regions -> areas (area_id));
diesel::joinable!(regions -> region_editions (edition));
diesel::joinable!(replacements -> programs (program_id));
diesel::joinable!(reserves -> programs (program_id));
diesel::joinable!(reserves -> rule_sets (rule_set_id));
diesel::joinable!(rule_sets -> programs (program_id));
diesel::joinable!(stock_lots -> programs (program_id));
diesel::joinable!(suspension_orders -> programs (program_id));
diesel::joinable!(verification_rounds -> programs (program_id));
diesel::joinable!(webhook_deliveries -> webhooks (webhook_id));

diesel::allow_tables_to_appear_in_same_query!(
    allocation_deliveries,
    allocation_returns,
    allocations,
    areas,
    asset_checks,
    asset_write_offs,
    assets,
    attendance_records,
    attribute_schemas,
    audit_blocks,
    audit_records,
    beneficiaries,
    beneficiaries_history,
    beneficiary_locators,
    card_changes,
    card_claims,
    carried_aid,
    carried_entitlements,
    carried_handovers,
    carried_visits,
    change_requests,
    client_assertions,
    clients,
    collectors,
    collectors_history,
    companies,
    complaint_steps,
    complaints,
    custodies,
    cycle_months,
    cycle_omissions,
    cycles,
    deliberation_decisions,
    deliberations,
    deliveries,
    delivery_batch_items,
    delivery_batches,
    delivery_conflicts,
    delivery_import_rows,
    delivery_imports,
    delivery_losses,
    delivery_returns,
    devices,
    duplicate_clusters,
    duplicate_decisions,
    duplicate_mergers,
    duplicate_pairs,
    duplicate_runs,
    duty_records,
    empowerment_milestones,
    empowerment_plans,
    enrollments,
    enrollments_history,
    entitlements,
    events,
    evidence_packs,
    exports,
    follow_ups,
    graduation_criteria,
    graduations,
    holds,
    idempotency_keys,
    identity_claims,
    import_duplicates,
    import_faults,
    import_leavers,
    import_mappings,
    import_parts,
    imports,
    ledger_accounts,
    ledger_balances,
    ledger_transfers,
    member_keys,
    members,
    members_history,
    memberships,
    memberships_history,
    need_kind_contents,
    need_kinds,
    needs,
    once_entitlements,
    outbox,
    overlap_rule_programs,
    overlap_rules,
    passed_entitlements,
    pledge_decisions,
    pledge_disclosures,
    pledge_line_plans,
    pledge_lines,
    pledges,
    program_places,
    programs,
    quotas,
    rank_import_faults,
    rank_imports,
    rate_windows,
    receipts,
    region_editions,
    regions,
    relocations,
    replacements,
    reserves,
    rule_sets,
    stock_losses,
    stock_lots,
    stock_movements,
    stock_places,
    stock_sites,
    suspension_orders,
    training_certificates,
    training_participants,
    training_sessions,
    trainings,
    verification_rounds,
    verification_tasks,
    visits,
    webhook_deliveries,
    webhook_progress,
    webhooks,
    welfare_ranks,
);
