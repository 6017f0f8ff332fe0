// Win32_NTLogEvent: the journal of systemd, newest first.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "cim/classes/classes.h"
#include "cim/classes/common.h"
#include "cim/journal.h"
#include "cim/lines.h"

namespace mullion::cim {
namespace {

using enum Type;

constexpr PropertyDef properties[] = {{"Category", uint16},
                                      {"CategoryString"},
                                      {"ComputerName"},
                                      {"Data", uint8, false, true},
                                      {"EventCode", uint16},
                                      {"EventIdentifier", uint32},
                                      {"EventType", uint8},
                                      {"InsertionStrings", string, false, true},
                                      {"Logfile", string, true},
                                      {"Message"},
                                      {"RecordNumber", uint32, true},
                                      {"SourceName"},
                                      {"TimeGenerated", datetime},
                                      {"TimeWritten", datetime},
                                      {"Type"},
                                      {"User"}};
constinit const ClassDef definition_ = {"Win32_NTLogEvent", nullptr, properties, {}, false, false,
                                        "root/cimv2"};

enum class EventType : std::uint8_t { error = 1, warning = 2, information = 3 };

// syslog(3): LOG_ERR is 3, LOG_WARNING 4. Without one it is information.
constexpr std::uint64_t last_error = 3, warning = 4;

EventType type_of(const JournalEntry& entry) {
    const auto priority = number<std::uint64_t>(entry.field("PRIORITY").value_or("6")).value_or(6);
    if (priority <= last_error) return EventType::error;
    return priority == warning ? EventType::warning : EventType::information;
}

std::string_view name_of(EventType type) {
    if (type == EventType::error) return "Error";
    return type == EventType::warning ? "Warning" : "Information";
}

// What the kernel audits is Security; the kernel, the service manager and the services that it runs are
// System; all else, of people's sessions, is Application.
std::string_view log_of(const JournalEntry& entry) {
    const auto transport = entry.field("_TRANSPORT").value_or("");
    if (transport == "audit") return "Security";
    if (transport == "kernel" || entry.field("_PID") == "1") return "System";
    const auto unit = entry.field("_SYSTEMD_UNIT").value_or("");
    const bool of_people = unit.empty() || unit.starts_with("user@") || unit.ends_with(".scope");
    return of_people ? "Application" : "System";
}

std::string source_of(const JournalEntry& entry) {
    for (const auto* name : {"SYSLOG_IDENTIFIER", "_COMM", "_TRANSPORT"})
        if (const auto text = entry.field(name); text && !text->empty()) return readable(*text);
    return "unknown";
}

// When whoever wrote it did, if that is not later than journald had it.
std::int64_t generated(const JournalEntry& entry) {
    const auto source = number<std::int64_t>(entry.field("_SOURCE_REALTIME_TIMESTAMP").value_or(""));
    return source && *source > 0 ? std::min(*source, entry.written) : entry.written;
}

// Names of users, each looked up once: a directory may be asked for it.
class Users {
public:
    explicit Users(const Machine& machine) : machine_(machine) {}
    const std::optional<std::string>& of(const JournalEntry& entry) {
        const auto uid = number<std::uint32_t>(entry.field("_UID").value_or(""));
        if (!uid || !machine_.user_name) return nobody_;
        const auto [at, added] = names_.try_emplace(*uid);
        if (added)
            if (const auto name = machine_.user_name(*uid)) at->second = readable(*name);
        return at->second;
    }

private:
    const Machine& machine_;
    std::map<std::uint32_t, std::optional<std::string>> names_;
    std::optional<std::string> nobody_;
};

// The journal finds these by its index, instead of reading all.
void narrow(const Question& question, Journal& journal) {
    const auto* type = question.equal_to("EventType");
    if (!type) return;
    if (*type == "1")
        for (std::uint64_t priority = 0; priority <= last_error; ++priority)
            journal.only("PRIORITY", fmt::format("{}", priority));
    if (*type == "2") journal.only("PRIORITY", fmt::format("{}", warning));
}

class Event final : public Provider {
public:
    Event() : Provider(definition_) {}

    std::optional<Fault> enumerate(const Machine& machine, const Question& question,
                                   Sink& sink) const override {
        std::string why = "there is none";
        const auto journal = machine.journal ? machine.journal(why) : nullptr;
        if (!journal) return unreadable(why);
        narrow(question, *journal);
        // Both: nothing is generated later than it is written.
        const auto bound = std::max(question.earliest("TimeGenerated"), question.earliest("TimeWritten"));
        Users users(machine);
        why.clear();
        while (const auto entry = journal->next(why)) {
            // Newest first: all that follow are older. Where the clock was set back meanwhile, those that
            // were written before that are not looked at.
            if (bound && entry->written < *bound) return std::nullopt;
            auto instance = instance_of(machine, question.wanted, users, *entry);
            if (instance && !sink.put(std::move(*instance))) return std::nullopt;
        }
        if (!why.empty()) return unreadable(why);
        return std::nullopt;
    }

private:
    static Fault unreadable(const std::string& why) {
        return {Fault::Kind::unreadable, fmt::format("the journal (systemd-journald: {})", readable(why))};
    }

    // Nothing of an entry without a number: it could not be told from others.
    std::optional<Instance> instance_of(const Machine& machine, const Wanted& wanted, Users& users,
                                        const JournalEntry& entry) const {
        if (!entry.number) return std::nullopt;
        const auto type = type_of(entry);
        auto instance = make();
        instance.set("Logfile", log_of(entry))
            .set("RecordNumber", *entry.number & 0xFFFF'FFFFu)
            .set("EventType", static_cast<std::uint8_t>(type))
            .set("Type", name_of(type))
            // Windows' sources number their messages; here nobody does.
            .set("EventCode", 0)
            .set("EventIdentifier", 0)
            .set("Category", 0)
            .set("SourceName", source_of(entry))
            .set("TimeGenerated", moment_at(machine, generated(entry)))
            .set("TimeWritten", moment_at(machine, entry.written));
        if (const auto host = entry.field("_HOSTNAME")) instance.set("ComputerName", readable(*host));
        if (const auto text = entry.field("MESSAGE")) instance.set("Message", readable(*text));
        if (wanted.has("User")) instance.set("User", users.of(entry));
        return instance;
    }
};

}  // namespace

const Provider& nt_log_event() {
    static const Event provider;
    return provider;
}

}  // namespace mullion::cim
