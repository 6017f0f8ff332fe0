// An answer read as a stream and out of its tree: both have to see the same. For tests and the fuzz target.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wsman/cim/batch_stream.h"
#include "wsman/cim/enumeration.h"

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

inline void read_tree(const std::string& bytes, std::string_view action, const xml::Limits& limits,
                      Seen& seen) {
    const auto fail = [&](const Error& error) { seen.failure = error.message(); };
    const auto message = read_message(bytes, limits);
    if (!message) return fail(message.error());
    seen.action = message->header.action;
    auto batch = BatchReader::of(*message, action);
    if (!batch) return fail(batch.error());
    seen.context = batch->context();
    seen.end = batch->end();
    for (Item item;;) {
        const auto more = batch->next(item);
        if (!more) return fail(more.error());
        if (!more.value()) return;
        Row row;
        if (item.object) {
            auto object = read_instance(item.object);
            if (!object) return fail(object.error());
            row.object.push_back(std::move(object).value());
        }
        if (item.reference) {
            auto reference = read_reference(item.reference);
            if (!reference) return fail(reference.error());
            row.reference.push_back(std::move(reference).value());
        }
        seen.rows.push_back(std::move(row));
    }
}

inline void read_stream(const std::string& bytes, std::string_view action, const xml::Limits& limits,
                        Seen& seen) {
    const auto fail = [&](const Error& error) { seen.failure = error.message(); };
    auto batch = BatchStream::of(bytes, action, limits);
    if (!batch) return fail(batch.error());
    seen.action = batch->header().action;
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
    if (stream.failure.find("two lists of items") != std::string::npos) return {};
    if (tree.failure.empty() != stream.failure.empty())
        return "tree: '" + tree.failure + "', stream: '" + stream.failure + "'";
    if (!tree.failure.empty()) return {};
    if (tree.rows.size() != stream.rows.size()) return "another number of rows";
    if (tree.context != stream.context || tree.end != stream.end || tree.action != stream.action)
        return "another context, end or action";
    return {};
}

}  // namespace mullion::wsman::cim::both
