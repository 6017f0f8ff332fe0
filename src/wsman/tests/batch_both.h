// An answer read as a stream, and out of its tree as a plain reader would: both have to see the same. For
// tests and the fuzz target.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wsman/cim/batch_stream.h"
#include "wsman/enumeration_parts.h"
#include "wsman/uris.h"

namespace mullion::wsman::cim::both {

struct Row {
    std::vector<Instance> object;
    std::vector<Reference> reference;
    bool operator==(const Row&) const = default;
};

struct Seen {
    std::vector<Row> rows;
    std::string context;
    bool end = false;
    std::string action;
    std::string failure;  // Empty: there was none.
};

inline bool is_reference(const xml::Element& element) {
    return element.is(ns::addressing, "EndpointReference");
}

inline Result<void> read_object(const xml::Element& element, Row& row) {
    MULLION_ASSIGN(auto object, read_instance(element));
    row.object.push_back(std::move(object));
    return {};
}

// An object, a reference, or a w:Item of both.
inline Result<Row> row_of(const xml::Element& item) {
    const bool wrapped = item.is(ns::wsman, "Item");
    const auto parts = wrapped ? item.children() : std::vector<xml::Element>{item};
    Row row;
    for (const auto& part : parts) {
        if (!is_reference(part)) {
            MULLION_TRY(read_object(part, row));
            continue;
        }
        MULLION_ASSIGN(auto reference, read_reference(part));
        row.reference.push_back(std::move(reference));
    }
    if (wrapped && (row.object.size() != 1 || row.reference.size() != 1))
        return Error(ErrorId::wsman_malformed, "the pair is none");
    return row;
}

inline void read_tree(const std::string& bytes, std::string_view action, const xml::Limits& limits,
                      Seen& seen) {
    const auto fail = [&](const Error& error) { seen.failure = error.message(); };
    const auto message = read_message(bytes, limits);
    if (!message) return fail(message.error());
    seen.action = message->header.action;
    const auto batch = view_batch(*message, action);
    if (!batch) return fail(batch.error());
    seen.context = batch->context;
    seen.end = batch->end;
    for (auto item = batch->first; item; item = item.next()) {
        auto row = row_of(item);
        if (!row) return fail(row.error());
        seen.rows.push_back(std::move(row).value());
    }
}

inline void read_stream(const std::string& bytes, std::string_view action, const xml::Limits& limits,
                        Seen& seen) {
    const auto fail = [&](const Error& error) { seen.failure = error.message(); };
    auto batch = BatchStream::of(bytes, action, limits);
    if (!batch) return fail(batch.error());
    seen.action = batch->head().header.action;
    for (;;) {
        const auto more = batch->next_item();
        if (!more) return fail(more.error());
        if (!more.value()) break;
        Row row;
        if (batch->has_object()) {
            auto object = read_instance(*batch);
            if (!object) return fail(object.error());
            row.object.push_back(std::move(object).value());
        }
        if (batch->reference()) row.reference.push_back(*batch->reference());
        seen.rows.push_back(std::move(row));
    }
    seen.context = batch->context();
    seen.end = batch->end();
}

// Nothing when both agree. A stream has rows also of an answer that is refused in the end.
inline std::string difference(const std::string& bytes, std::string_view action, const xml::Limits& limits) {
    Seen tree;
    Seen stream;
    read_tree(bytes, action, limits, tree);
    read_stream(bytes, action, limits, stream);
    for (std::size_t i = 0; i < tree.rows.size() && i < stream.rows.size(); ++i)
        if (!(tree.rows[i] == stream.rows[i])) return "row " + std::to_string(i) + " differs";
    if (tree.failure.empty() != stream.failure.empty())
        return "tree: '" + tree.failure + "', stream: '" + stream.failure + "'";
    if (!tree.failure.empty()) return {};
    if (tree.rows.size() != stream.rows.size()) return "another number of rows";
    if (tree.context != stream.context || tree.end != stream.end || tree.action != stream.action)
        return "another context, end or action";
    return {};
}

}  // namespace mullion::wsman::cim::both
