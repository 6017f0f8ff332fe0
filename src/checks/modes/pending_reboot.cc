// Whether the host waits for a reboot, and why. By the registry; by PowerShell where Centreon's way is asked
// for.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "checks/counters/counters.h"
#include "checks/modes/all.h"
#include "checks/modes/pending_reboot_script.h"
#include "checks/modes/registry.h"
#include "checks/modes/scripted.h"
#include "checks/nothing.h"
#include "checks/rows.h"
#include "wsman/values.h"

namespace mullion::checks {
namespace {

constexpr std::string_view servicing =
    R"(SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing)";
constexpr std::string_view auto_update =
    R"(SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update)";
constexpr std::string_view session_manager = R"(SYSTEM\CurrentControlSet\Control\Session Manager)";
constexpr std::string_view active_name =
    R"(SYSTEM\CurrentControlSet\Control\ComputerName\ActiveComputerName)";
constexpr std::string_view next_name = R"(SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName)";

// "true", "false", or "-" where the host cannot say.
struct Pending {
    std::string version, servicing = "-", update = "-", client = "-", renames = "-", name = "-", any = "-";
};

std::string word(bool truth) {
    return truth ? "true" : "false";
}

bool contains(const std::vector<std::string>& names, std::string_view wanted) {
    return std::any_of(names.begin(), names.end(),
                       [&](const auto& name) { return wsman::same_ignoring_case(name, wanted); });
}

// Centreon means this to be the default of --warning-status, and never applies it.
std::vector<Block> blocks(bool compat = false) {
    Counter status{.label = "status", .condition = true};
    if (!compat) status.fallback_warning = "%{RebootPending} =~ /true/i";
    return {{.name = "pendingreboot", .counters = {std::move(status)}}};
}

// What the registry is asked, in this order.
struct Questions {
    Call servicing_keys = registry::enum_key(servicing);
    Call update_keys = registry::enum_key(auto_update);
    Call renames = registry::get_strings(session_manager, "PendingFileRenameOperations");
    Call active = registry::get_string(active_name, "ComputerName");
    Call next = registry::get_string(next_name, "ComputerName");
};

// The client of Configuration Manager, where it is installed.
Call client_call() {
    Call call;
    call.of.of.cim_namespace = "root/ccm/ClientSDK";
    call.of.of.class_name = "CCM_ClientUtilities";
    call.method = "DetermineIfRebootPending";
    return call;
}

bool is_true(const wsman::cim::Instance& outputs, std::string_view name) {
    return wsman::same_ignoring_case(text(outputs, name).value_or(""), "true");
}

// Where the host says no (there is no such namespace, or it is not for this account), nothing is known.
Result<std::string> read_client(const Answer& answer) {
    if (const auto* error = answer.error()) {
        if (error->info().effect == Effect::refused) return std::string("-");
        return *error;
    }
    const auto* result = std::get_if<wsman::cim::MethodResult>(&answer.of);
    if (result == nullptr) return malformed("DetermineIfRebootPending was not answered");
    return word(is_true(result->outputs, "RebootPending") || is_true(result->outputs, "IsHardRebootPending"));
}

Result<Pending> read_registry(std::span<const Answer> answers) {
    const Questions asked;
    Pending pending;
    if (const auto* error = answers[0].error()) return *error;
    MULLION_ASSIGN(const auto servicing_keys, registry::read_said(answers[1], asked.servicing_keys));
    if (servicing_keys.there) pending.servicing = word(contains(servicing_keys.texts, "RebootPending"));
    MULLION_ASSIGN(const auto update_keys, registry::read_said(answers[2], asked.update_keys));
    pending.update = word(contains(update_keys.texts, "RebootRequired"));
    MULLION_ASSIGN(const auto renames, registry::read_said(answers[3], asked.renames));
    pending.renames = word(std::any_of(renames.texts.begin(), renames.texts.end(),
                                       [](const auto& name) { return !name.empty(); }));
    MULLION_ASSIGN(const auto active, registry::read_said(answers[4], asked.active));
    MULLION_ASSIGN(const auto next, registry::read_said(answers[5], asked.next));
    if (active.texts.size() != 1 || next.texts.size() != 1)
        return malformed("the registry has no ComputerName");
    pending.name = word(!wsman::same_ignoring_case(active.texts[0], next.texts[0]));
    MULLION_ASSIGN(pending.client, read_client(answers[6]));
    const std::array all = {pending.servicing, pending.update, pending.client, pending.renames, pending.name};
    pending.any = word(std::find(all.begin(), all.end(), "true") != all.end());
    return pending;
}

std::string normal(const JsonObject& object, std::string_view name) {
    const auto found = object.find(name);
    if (found == object.end()) return {};
    const auto& said = found->second;
    if (!said) return "-";
    const auto low = wsman::lower(*said);
    if (low == "true" || low == "1") return "true";
    return low == "false" || low == "0" ? "false" : *said;
}

// Nothing where the script left out one of them, which Centreon's has all of.
std::optional<Pending> pending_of(const JsonObject& said) {
    for (const auto* name : {"WindowsVersion", "CBServicing", "WindowsUpdate", "CCMClientSDK",
                             "PendFileRename", "PendComputerRename", "RebootPending"}) {
        if (said.find(std::string_view(name)) == said.end()) return {};
    }
    return Pending{normal(said, "WindowsVersion"), normal(said, "CBServicing"),
                   normal(said, "WindowsUpdate"),  normal(said, "CCMClientSDK"),
                   normal(said, "PendFileRename"), normal(said, "PendComputerRename"),
                   normal(said, "RebootPending")};
}

Reading reading_of(const Pending& said) {
    Reading reading;
    reading.text = fmt::format(
        "'{}': reboot pending is {} [Windows Update: {}][Component Based Servicing: {}][SCCM Client: "
        "{}][File Rename "
        "Operations: {}][Computer Name Change: {}]",
        said.version, said.any, said.update, said.servicing, said.client, said.renames, said.name);
    reading.variables = {{"WindowsVersion", said.version}, {"RebootPending", said.any},
                         {"WindowsUpdate", said.update},   {"CBServicing", said.servicing},
                         {"CCMClientSDK", said.client},    {"PendFileRename", said.renames},
                         {"PendComputerRename", said.name}};
    return reading;
}

class PendingReboot final : public Mode {
public:
    Result<void> prepare(const Setting& setting) override {
        counters_.emplace(blocks(setting.compat));
        by_script_ = setting.compat || only_run(setting);
        return counters_->prepare(setting.words);
    }

    std::vector<Ask> ask(const Setting& setting, std::span<const Answer> so_far) override {
        if (!so_far.empty() || counters_->only_listed() || only_shown(setting)) return {};
        if (by_script_) return {script(pending_reboot_script)};
        const Questions all;
        return {Query{"Select Caption From Win32_OperatingSystem"},
                all.servicing_keys,
                all.update_keys,
                all.renames,
                all.active,
                all.next,
                client_call()};
    }

    // The last question may fail: most hosts have no such client.
    [[nodiscard]] bool takes_errors() const override { return true; }

    Result<void> judge(const Setting& setting, std::span<const Answer> answers, Samples&,
                       Report& report) override {
        if (counters_->only_listed()) {
            counters_->list(report);
            return {};
        }
        if (only_shown(setting)) {
            show_text(report, std::string(pending_reboot_script));
            return {};
        }
        if (const auto* error = answers[0].error()) return *error;
        return by_script_ ? judge_script(setting, answers[0], report) : judge_registry(answers, report);
    }

private:
    Result<void> judge_registry(std::span<const Answer> answers, Report& report) const {
        const auto& systems = rows_of(answers[0]);
        if (systems.empty()) {
            say_no_rows(report, "Win32_OperatingSystem", rights::cim);
            return {};
        }
        MULLION_ASSIGN(auto pending, read_registry(answers));
        pending.version = shown(systems.front(), "Caption");
        return say(reading_of(pending), report);
    }

    Result<void> judge_script(const Setting& setting, const Answer& answer, Report& report) const {
        if (only_run(setting)) {
            show_text(report, output_of(answer).out);
            return {};
        }
        const auto said = read_script(setting, answer, report);
        if (!said) return {};
        if (said->size() != 1) return malformed("the script printed no object");
        const auto pending = pending_of(said->front());
        return say(pending ? reading_of(*pending) : Reading::missing(), report);
    }

    Result<void> say(Reading reading, Report& report) const {
        Counted counted;
        counted.readings = {std::move(reading)};
        return counters_->judge({{std::move(counted)}}, report);
    }

    std::optional<Counters> counters_;
    bool by_script_ = false;
};

}  // namespace

ModeInfo pending_reboot_mode() {
    ModeInfo info;
    info.name = "pending-reboot";
    info.help = "Whether the host waits for a reboot, and why.";
    info.options = counter_options(blocks());
    const auto more = script_options();
    info.options.insert(info.options.end(), more.begin(), more.end());
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<PendingReboot>(); };
    info.new_names = false;
    info.example = "mullion check pending-reboot HOST --critical-status '%{WindowsUpdate} eq \"true\"'";
    return info;
}

}  // namespace mullion::checks
