#include "cli/audit_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/exit_status.h"
#include "cli/report_text.h"
#include "cli/secret_store.h"
#include "core/printable.h"
#include "os/file.h"
#include "os/harden.h"
#include "secrets/audit/verify.h"

namespace mullion::cli {
namespace {

struct AuditWords {
    std::string store, log, head;
    std::string output = "text";
};

// The log, and how far it goes as the store beside it says.
struct LogAtHand {
    std::string file;
    std::optional<secrets::AuditEnd> known = {};
};

// Beside the store, whose place is that of `mullion secret`; a copy that is named has no store beside it.
// What the store says is read first: the log only grows.
Result<LogAtHand> log_of(const AuditWords& words) {
    if (!words.log.empty()) return LogAtHand{words.log};
    std::string store = words.store;
    if (store.empty()) {
        MULLION_ASSIGN(store, secrets::default_store_file());
    }
    LogAtHand log{secrets::audit_file_of(store)};
    if (!os::file_exists(store)) return log;
    auto said = secrets::Store::said_end(store);
    if (said.ok())
        log.known = std::move(*said);
    else
        fmt::print(stderr, "{}",
                   warning("the store could not be asked how far its log goes: " + said.error().message()));
    return log;
}

std::string text_of(const secrets::AuditVerdict& verdict, const LogAtHand& log, bool with_head) {
    auto text = fmt::format("{}: {} entries follow one another\nhead {}\n", one_line(log.file),
                            verdict.entries, verdict.head);
    if (log.known) text += fmt::format("the store knows of entry {}, which is there\n", log.known->number);
    if (with_head) text += fmt::format("{} of them came after the head given\n", verdict.after_head);
    if (verdict.unfinished > 0)
        text += fmt::format("{} times a crash cut a line short, which the next writer accounted for\n",
                            verdict.unfinished);
    if (verdict.cut_off > 0)
        text += fmt::format("the last {} bytes are no whole line: a crash cut it short, or somebody did\n",
                            verdict.cut_off);
    return text;
}

int verify(const AuditWords& words) {
    const auto log = log_of(words);
    if (!log.ok()) return tell(log.error());
    const auto verdict = secrets::verify_audit(log->file, words.head, {}, log->known);
    if (!verdict.ok()) return tell(verdict.error());
    if (words.output == "json") {
        const auto known = log->known ? nlohmann::ordered_json(log->known->number) : nlohmann::ordered_json();
        const nlohmann::ordered_json json{{"schema", 1},
                                          {"entries", verdict->entries},
                                          {"head", verdict->head},
                                          {"after_head", words.head.empty() ? 0 : verdict->after_head},
                                          {"unfinished", verdict->unfinished},
                                          {"cut_off", verdict->cut_off},
                                          {"known_to_store", known}};
        fmt::print("{}\n", json.dump());
    } else {
        fmt::print("{}", text_of(*verdict, *log, !words.head.empty()));
    }
    return exit_status::ok;
}

// Lines as they stand: what reads them can follow the chain itself.
int export_lines(const AuditWords& words) {
    const auto log = log_of(words);
    if (!log.ok()) return tell(log.error());
    bool written = true;
    const auto print = [&](std::string_view line) {
        written = written && std::fwrite(line.data(), 1, line.size(), stdout) == line.size() &&
                  std::fputc('\n', stdout) != EOF;
    };
    const auto verdict = secrets::verify_audit(log->file, words.head, print, log->known);
    written = std::fflush(stdout) == 0 && written;
    if (!verdict.ok()) return tell(verdict.error());
    if (!written) return tell({ErrorId::audit_failed, "standard output could not be written"});
    if (verdict->cut_off > 0)
        fmt::print(stderr, "mullion: the last {} bytes of the log are no whole line, and were left out\n",
                   verdict->cut_off);
    return exit_status::ok;
}

// On purpose, and with the key: otherwise who empties a log could have it taken for a new one.
int accept(const StoreWords& words) {
    os::forbid_core_dumps();
    const auto accepted = [&]() -> Result<bool> {
        MULLION_ASSIGN(const auto opened, SecretStore::open(words, secrets::Store::Mode::existing));
        return opened->store().accept_log(opened->principal(), {"audit accept", "", ""});
    }();
    if (!accepted.ok()) return tell(accepted.error());
    fmt::print(stderr, "{}\n",
               *accepted ? "accepted: the store goes on with the log that is there"
                         : "the log is the one that the store knows: there is nothing to accept");
    return exit_status::ok;
}

CLI::App* declare(CLI::App& app, const char* name, const char* help, AuditWords& words) {
    auto* const command = app.add_subcommand(name, help);
    auto* const store = command->add_option(
        "--store", words.store, "The secret store whose log it is (default: that of mullion secret)");
    store->type_name("FILE");
    command->add_option("--log", words.log, "The log itself, or a copy of it")
        ->type_name("FILE")
        ->excludes(store);
    command->add_option("--head", words.head, "A head that a run printed: the log must still have it")
        ->type_name("HASH");
    return command;
}

}  // namespace

void declare_audit(CLI::App& app, Action& action) {
    app.require_subcommand(1);
    app.footer("Example: mullion audit verify --head $(cat head-of-yesterday)\n");
    const auto words = std::make_shared<AuditWords>();
    auto* const checks = declare(
        app, "verify", "Whether the log is what was written, from the first entry to the last", *words);
    checks->add_option("--output", words->output, "text or json")->check(CLI::IsMember({"text", "json"}));
    declare(app, "export", "Every entry, one JSON object a line; stops at the first that does not follow",
            *words);
    auto* const accepts = app.add_subcommand(
        "accept", "Go on with the log that is there, where the one that the store knows is lost or put away");
    const auto store = std::make_shared<StoreWords>();
    declare_store(*accepts, *store);
    action = [words, store, checks, accepts] {
        if (accepts->parsed()) return accept(*store);
        return checks->parsed() ? verify(*words) : export_lines(*words);
    };
}

}  // namespace mullion::cli
