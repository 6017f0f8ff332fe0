// The journal of the machine (systemd-journald), newest entries first. An interface, so that tests bring
// another.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mullion::cim {

struct JournalEntry {
    std::int64_t written = 0;             // When journald had it, in microseconds since 1970.
    std::optional<std::uint64_t> number;  // Which one it is, by journald's count.
    std::map<std::string, std::string, std::less<>> fields = {};  // Those asked for that it has.

    [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const;
};

class Journal {
public:
    Journal() = default;
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    virtual ~Journal() = default;

    // Only entries that have this in that field; of several for one field, any of them. Before next().
    virtual void only(const std::string& field, const std::string& value) = 0;
    // The next older one. Nothing: there is none, or `why` says what went wrong.
    [[nodiscard]] virtual std::optional<JournalEntry> next(std::string& why) = 0;
};

// Of the files that this user may read; tests name a folder.
[[nodiscard]] std::unique_ptr<Journal> open_journal(const std::string& folder, std::string& why);

// The number in a cursor ("s=…;i=2f;b=…"): sd_journal_get_cursor(3) calls it opaque, but until version 254
// there is no other way to it. Nothing where it has another form.
[[nodiscard]] std::optional<std::uint64_t> parse_cursor(std::string_view cursor);

}  // namespace mullion::cim
