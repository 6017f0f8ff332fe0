// Win32_Service: the services of systemd, by its manager.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "cim/classes/bases.h"
#include "cim/classes/classes.h"
#include "cim/classes/common.h"
#include "cim/classes/service_codes.h"
#include "cim/service_manager.h"
#include "wql/fold.h"

namespace mullion::cim {
namespace {

using enum Type;

constexpr PropertyDef cim_properties[] = {
    {"CreationClassName"}, {"Started", boolean}, {"StartMode"}, {"SystemCreationClassName"}, {"SystemName"}};
constexpr PropertyDef base_properties[] = {{"AcceptPause", boolean},
                                           {"AcceptStop", boolean},
                                           {"DesktopInteract", boolean},
                                           {"DisplayName"},
                                           {"ErrorControl"},
                                           {"ExitCode", uint32},
                                           {"PathName"},
                                           {"ServiceSpecificExitCode", uint32},
                                           {"ServiceType"},
                                           {"StartName"},
                                           {"State"},
                                           {"TagId", uint32}};
constexpr PropertyDef properties[] = {{"CheckPoint", uint32},
                                      {"DelayedAutoStart", boolean},
                                      {"Name", string, true},
                                      {"ProcessId", uint32},
                                      {"WaitHint", uint32}};

constexpr ParameterDef mode_parameter[] = {{"StartMode"}};
constexpr MethodDef cim_methods[] = {{"StartService"}, {"StopService"}};
constexpr MethodDef base_methods[] = {
    {"StartService"},  {"StopService"},        {"PauseService"},
    {"ResumeService"}, {"InterrogateService"}, {"ChangeStartMode", uint32, false, mode_parameter}};

constinit const ClassDef cim_service = {
    "CIM_Service", &cim_logical_element, cim_properties, cim_methods, true, false, "root/cimv2"};
constinit const ClassDef base_service = {
    "Win32_BaseService", &cim_service, base_properties, base_methods, true, false, "root/cimv2"};
constinit const ClassDef definition_ = {"Win32_Service", &base_service, properties,  base_methods,
                                        false,           false,         "root/cimv2"};

Fault unreadable(const std::string& why) {
    return {Fault::Kind::unreadable,
            fmt::format("the service manager (systemd, by D-Bus: {})", readable(why))};
}

Fault unreadable(const BusError& error) {
    if (error.name == bus_error::limits) return {Fault::Kind::too_many, "the list of systemd's units"};
    return unreadable(fmt::format("{}: {}", error.name, error.message));
}

// What does not answer once would not for each of a thousand more.
bool is_gone(const BusError& error) {
    return error.name == bus_error::timeout || error.name == bus_error::no_reply ||
           error.name == bus_error::disconnected || error.name == bus_error::no_server;
}

// One service, of what is loaded and what lies in files.
struct Service {
    std::string name;
    std::optional<Unit> unit = {};
    std::string file_state = {};
};

using Services = std::map<std::string, Service>;

// Without names that stand for others, and units that somebody only mentions.
Services joined(std::vector<Unit> units, const std::vector<UnitFile>& files) {
    Services services;
    for (const auto& file : files)
        if (auto name = service_name(file.name); name && file.state != "alias")
            services.emplace(*name, Service{*name, {}, file.state});
    for (auto& unit : units) {
        auto name = service_name(unit.name);
        if (!name || unit.load_state == "not-found") continue;
        auto& service = services.emplace(*name, Service{*name, {}, {}}).first->second;
        if (service.file_state.empty() && unit.load_state == "masked") service.file_state = "masked";
        service.unit = std::move(unit);
    }
    return services;
}

// "openvpn@office": ListUnitFiles has the template alone, which is enabled for some of its instances, and
// does not say for which. The manager is asked about each.
bool is_instance_without_file(const Service& service) {
    return service.file_state.empty() && service.name.find('@') != std::string::npos;
}

constexpr std::string_view of_details[] = {"AcceptStop", "ExitCode", "PathName", "ProcessId", "StartName"};
// ListUnits tells it too, of what is loaded.
constexpr std::string_view of_description[] = {"Caption", "Description", "DisplayName"};

bool wants_any(const Wanted& wanted, std::span<const std::string_view> names) {
    return std::any_of(names.begin(), names.end(), [&](std::string_view name) { return wanted.has(name); });
}

void set_details(const UnitDetails& details, bool running, Instance& instance) {
    instance.set("ExitCode", exit_code(details))
        .set("StartName", readable(details.user.empty() ? "root" : details.user));
    // Of one that is to do its work and end, there is none: 0, as of what does not run.
    if (details.process) instance.set("ProcessId", *details.process);
    if (details.can_stop) instance.set("AcceptStop", running && *details.can_stop);
    if (const auto path = path_name(details); !path.empty()) instance.set("PathName", readable(path));
}

class Win32Service final : public Provider {
public:
    Win32Service() : Provider(definition_) {}

    std::optional<Fault> enumerate(const Machine& machine, const Question& question,
                                   Sink& sink) const override {
        std::string why = "there is none";
        const auto manager = machine.services ? machine.services(why) : nullptr;
        if (!manager) return unreadable(why);
        return list(*manager, host_name(machine), question, sink);
    }

    MethodOutcome invoke(const Machine& machine, const MethodCall& call) const override;

private:
    std::optional<Fault> list(ServiceManager& manager, const std::optional<std::string>& computer,
                              const Question& question, Sink& sink) const;
    // A fault where the manager has gone meanwhile.
    std::optional<Fault> fill(ServiceManager& manager, const Question& question, const Service& service,
                              Instance& instance) const;
    // The same.
    std::optional<Fault> set_start_mode(ServiceManager& manager, const Question& question,
                                        const Service& service, Instance& instance) const;
    Instance instance_of(const Service& service, const std::optional<std::string>& computer) const;
};

std::optional<Fault> Win32Service::list(ServiceManager& manager, const std::optional<std::string>& computer,
                                        const Question& question, Sink& sink) const {
    auto units = manager.units();
    if (!units.ok()) return unreadable(units.error());
    auto files = manager.unit_files();
    if (!files.ok()) return unreadable(files.error());
    const auto* only = question.equal_to("Name");
    for (const auto& [name, service] : joined(std::move(*units), *files)) {
        if (only && !wql::same_name(*only, readable(name))) continue;
        auto instance = instance_of(service, computer);
        if (auto fault = set_start_mode(manager, question, service, instance)) return fault;
        if (auto fault = fill(manager, question, service, instance)) return fault;
        if (!sink.put(std::move(instance))) break;
    }
    return std::nullopt;
}

std::optional<Fault> Win32Service::set_start_mode(ServiceManager& manager, const Question& question,
                                                  const Service& service, Instance& instance) const {
    if (!question.wanted.has("StartMode")) return std::nullopt;
    if (!is_instance_without_file(service)) {
        instance.set("StartMode", start_mode(service.file_state));
        return std::nullopt;
    }
    auto state = manager.file_state(service.name + ".service");
    if (state.ok())
        instance.set("StartMode", start_mode(*state));
    else if (is_gone(state.error()))
        return unreadable(state.error());
    // Else its template is gone meanwhile, and nobody knows.
    return std::nullopt;
}

std::optional<Fault> Win32Service::fill(ServiceManager& manager, const Question& question,
                                        const Service& service, Instance& instance) const {
    const bool described = service.unit.has_value();
    if (!wants_any(question.wanted, of_details) && (described || !wants_any(question.wanted, of_description)))
        return std::nullopt;
    auto details = manager.details(service.name + ".service");
    if (!details.ok()) {
        // One that is odd or gone has fewer values.
        if (is_gone(details.error())) return unreadable(details.error());
        return std::nullopt;
    }
    if (!described) {
        if (!details->description.empty()) {
            const auto text = readable(details->description);
            instance.set("DisplayName", text).set("Caption", text).set("Description", text);
        }
    }
    // What it was when it was listed: both say the same of it.
    if (service.unit)
        details->active_state = service.unit->active_state;
    else if (details->active_state.empty())
        details->active_state = "inactive";
    set_details(*details, instance.text("State") == "Running", instance);
    return std::nullopt;
}

Instance Win32Service::instance_of(const Service& service, const std::optional<std::string>& computer) const {
    auto instance = make();
    // Nobody needs it at the moment: the manager does not keep it in mind.
    const std::string_view active = service.unit ? std::string_view(service.unit->active_state) : "inactive";
    const auto state = state_name(active);
    const auto description = readable(service.unit ? service.unit->description : service.name);
    instance.set("Name", readable(service.name))
        .set("DisplayName", description)
        .set("Caption", description)
        .set("Description", description)
        .set("State", state)
        .set("Started", state == "Running" || state == "Stop Pending")
        .set("Status", active == "failed" ? "Error" : "OK")
        .set("ServiceType", "Own Process")
        .set("AcceptPause", false)
        .set("CreationClassName", "Win32_Service")
        .set("SystemCreationClassName", "Win32_ComputerSystem")
        .set("SystemName", computer);
    return instance;
}

MethodOutcome returned(std::uint32_t code) {
    return {Scalar(std::uint64_t{code}), {}, {}};
}

std::optional<UnitDetails> details_now(ServiceManager& manager, const std::string& unit) {
    auto details = manager.details(unit);
    if (!details.ok()) return std::nullopt;
    return std::move(*details);
}

std::uint32_t run_job(ServiceManager& manager, const std::string& unit, bool start) {
    auto result = start ? manager.start(unit) : manager.stop(unit);
    if (!result.ok()) return code_of(result.error());
    if (*result == "done") return service_code::success;
    return code_of_job(*result, details_now(manager, unit));
}

std::uint32_t start_service(ServiceManager& manager, const std::string& unit, const Instance& now) {
    if (now.text("StartMode") == "Disabled") return service_code::disabled;
    const auto state = now.text("State");
    if (state == "Running" || state == "Start Pending") return service_code::already_running;
    return run_job(manager, unit, true);
}

std::uint32_t stop_service(ServiceManager& manager, const std::string& unit, const Instance& now) {
    if (now.text("State") == "Stopped") return service_code::cannot_accept;
    return run_job(manager, unit, false);
}

// In the words of the method ("Automatic") and of the property ("Auto").
std::uint32_t change_start_mode(ServiceManager& manager, const std::string& unit, const Instance& now,
                                std::string_view mode) {
    const bool automatic = wql::same_name(mode, "Automatic") || wql::same_name(mode, "Auto"),
               manual = wql::same_name(mode, "Manual"), disabled = wql::same_name(mode, "Disabled");
    // Boot and System are for drivers.
    if (!automatic && !manual && !disabled) return service_code::invalid_parameter;
    std::vector<FileChange> changes;
    if (now.text("StartMode") == "Disabled" && !disabled) changes.push_back(FileChange::unmask);
    changes.push_back(automatic ? FileChange::enable : FileChange::disable);
    if (disabled) changes.push_back(FileChange::mask);
    std::uint32_t code = service_code::success;
    for (const auto change : changes) {
        auto changed = manager.change_file(change, unit);
        if (!changed.ok()) {
            // What was changed before it holds at once, too.
            (void)manager.reload();
            return code_of(changed.error());
        }
        // Its file does not say at which target it would be started.
        if (!*changed) code = service_code::not_supported;
    }
    auto reloaded = manager.reload();
    return reloaded.ok() ? code : code_of(reloaded.error());
}

bool is_method(const MethodCall& call) {
    return std::any_of(std::begin(base_methods), std::end(base_methods),
                       [&](const MethodDef& method) { return call.is(method.name); });
}

MethodOutcome Win32Service::invoke(const Machine& machine, const MethodCall& call) const {
    if (!is_method(call) || !call.keys) return Provider::invoke(machine, call);
    const auto found = get(machine, Wanted({"Name", "StartMode", "State"}), *call.keys);
    if (found.fault) return {{}, {}, found.fault};
    if (!found.instance) return {{}, {}, Fault{Fault::Kind::no_instance, "service of that name"}};
    std::string why;
    const auto manager = machine.services(why);
    if (!manager) return {{}, {}, unreadable(why)};
    const auto& now = *found.instance;
    const auto unit = now.text("Name").value_or("") + ".service";
    if (call.is("StartService")) return returned(start_service(*manager, unit, now));
    if (call.is("StopService")) return returned(stop_service(*manager, unit, now));
    if (call.is("ChangeStartMode"))
        return returned(change_start_mode(*manager, unit, now, call.text("StartMode").value_or("")));
    if (call.is("InterrogateService"))
        return returned(now.text("State") == "Stopped" ? service_code::not_active : service_code::success);
    return returned(
        service_code::not_supported);  // PauseService, ResumeService: systemd has nothing like it.
}

}  // namespace

const Provider& service() {
    static const Win32Service provider;
    return provider;
}

}  // namespace mullion::cim
