#include "cim/journal.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

#include "cim/lines.h"
#include "cim/systemd_library.h"

namespace mullion::cim {
namespace {

constexpr std::size_t longest_field = 64 * 1024;  // What is longer is cut.
constexpr std::array<const char*, 10> wanted_fields = {
    "MESSAGE",   "PRIORITY",      "SYSLOG_IDENTIFIER", "SYSLOG_PID", "_COMM",
    "_HOSTNAME", "_SYSTEMD_UNIT", "_TRANSPORT",        "_PID",       "_UID"};
constexpr const char* source_time = "_SOURCE_REALTIME_TIMESTAMP";

std::string text_of(int negative_errno) {
    return std::strerror(-negative_errno);
}

class SystemJournal final : public Journal {
public:
    SystemJournal(const SystemdLibrary& library, sd_journal* journal)
        : library_(library), journal_(journal) {}
    ~SystemJournal() override { library_.journal_close(journal_); }

    void only(const std::string& field, const std::string& value) override {
        const auto match = field + "=" + value;
        (void)library_.journal_add_match(journal_, match.data(), match.size());
    }

    std::optional<JournalEntry> next(std::string& why) override {
        int result = started_ ? 1 : library_.journal_seek_tail(journal_);
        started_ = true;
        if (result >= 0) result = library_.journal_previous(journal_);
        if (result < 0) why = text_of(result);
        if (result <= 0) return std::nullopt;
        JournalEntry entry;
        std::uint64_t written = 0;
        if (library_.journal_get_realtime(journal_, &written) >= 0)
            entry.written = static_cast<std::int64_t>(written);
        entry.number = number_of();
        for (const auto* name : wanted_fields) take(name, entry);
        take(source_time, entry);
        return entry;
    }

private:
    std::optional<std::uint64_t> number_of() {
        char* cursor = nullptr;
        if (library_.journal_get_cursor(journal_, &cursor) < 0) return std::nullopt;
        const std::unique_ptr<char, void (*)(void*)> owned(cursor, std::free);
        return parse_cursor(cursor);
    }

    // The library gives "NAME=value", and what it gives is gone with the next call.
    void take(const char* name, JournalEntry& entry) {
        const void* data = nullptr;
        std::size_t size = 0;
        if (library_.journal_get_data(journal_, name, &data, &size) < 0) return;
        const auto prefix = std::strlen(name) + 1;
        if (size < prefix) return;
        // The library's threshold is where it stops unpacking, which may be a little further on.
        size = std::min(size - prefix, longest_field);
        entry.fields.emplace(name, std::string(static_cast<const char*>(data) + prefix, size));
    }

    const SystemdLibrary& library_;
    sd_journal* journal_;
    bool started_ = false;
};

using Opened = std::unique_ptr<sd_journal, decltype(&::sd_journal_close)>;

Opened opened(const SystemdLibrary& library, int flags, const std::string& folder, int& result) {
    sd_journal* journal = nullptr;
    if (folder.empty())
        result = library.journal_open(&journal, flags);
    else
        result = library.journal_open_directory(&journal, folder.c_str(), 0);
    return {result < 0 ? nullptr : journal, library.journal_close};
}

bool has_files(const SystemdLibrary& library, sd_journal* journal) {
    return library.journal_has_persistent_files(journal) > 0 ||
           library.journal_has_runtime_files(journal) > 0;
}

}  // namespace

std::optional<std::string_view> JournalEntry::field(std::string_view name) const {
    const auto at = fields.find(name);
    if (at == fields.end()) return std::nullopt;
    return at->second;
}

std::unique_ptr<Journal> open_journal(const std::string& folder, std::string& why) {
    const auto* library = systemd_library(why);
    if (!library) return nullptr;
    int result = 0;
    // The library opens what it may and says nothing of the rest: without the system's own files there would
    // be no events, and no word of it.
    if (folder.empty()) {
        const auto system = opened(*library, SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM, folder, result);
        if (!system || !has_files(*library, system.get())) {
            why = system ? "there are no files of it that this user may read (group systemd-journal or adm)"
                         : text_of(result);
            return nullptr;
        }
    }
    auto journal = opened(*library, SD_JOURNAL_LOCAL_ONLY, folder, result);
    if (!journal) {
        why = fmt::format("{}: {}", folder, text_of(result));
        return nullptr;
    }
    (void)library->journal_set_data_threshold(journal.get(), longest_field);
    return std::make_unique<SystemJournal>(*library, journal.release());
}

std::optional<std::uint64_t> parse_cursor(std::string_view cursor) {
    while (!cursor.empty()) {
        // Its last part has no end, and cannot be told from one that was cut.
        if (cursor.find(';') == std::string_view::npos) return std::nullopt;
        auto part = take_until(cursor, ';');
        if (take_until(part, '=') == "i") return number<std::uint64_t>(part, 16);
    }
    return std::nullopt;
}

}  // namespace mullion::cim
