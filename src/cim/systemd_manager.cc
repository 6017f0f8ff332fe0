#include "cim/systemd_manager.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string_view>

#include "cim/systemd_library.h"

namespace mullion::cim {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

constexpr const char* destination = "org.freedesktop.systemd1";
constexpr const char* manager_path = "/org/freedesktop/systemd1";
constexpr const char* manager_interface = "org.freedesktop.systemd1.Manager";
constexpr std::size_t most_jobs_seen = 10'000;  // Of others, that end while ours runs.

BusError error_of(int negative_errno, const char* name) {
    return {name, std::strerror(-negative_errno)};
}

BusError wrong_answer(const char* method) {
    return {bus_error::wrong_answer, fmt::format("{} was answered in another form", method)};
}

std::uint64_t left_until(Clock::time_point deadline) {
    const auto left = std::chrono::duration_cast<microseconds>(deadline - Clock::now());
    return static_cast<std::uint64_t>(std::max<std::int64_t>(left.count(), 0));
}

// One answer, read from its front.
class Answer {
public:
    Answer(const SystemdLibrary& library, sd_bus_message* message) : library_(&library), message_(message) {}
    Answer(Answer&& other) noexcept
        : library_(other.library_), message_(std::exchange(other.message_, nullptr)) {}
    Answer& operator=(Answer&&) = delete;
    ~Answer() {
        if (message_) library_->message_unref(message_);
    }

    // True: there is one, and it is open. Of an array's elements: false is its end.
    bool enter(char type, const char* contents) {
        return ok(library_->message_enter(message_, type, contents));
    }
    bool leave() { return good(library_->message_exit(message_)); }
    bool skip(const char* types) { return good(library_->message_skip(message_, types)); }
    template <class... Into>
    bool read(const char* types, Into*... into) {
        return ok(library_->message_read(message_, types, into...));
    }
    // What the variant in front holds; empty at the end.
    std::string_view variant() {
        char type = 0;
        const char* contents = nullptr;
        if (library_->message_peek_type(message_, &type, &contents) <= 0 || type != SD_BUS_TYPE_VARIANT)
            return {};
        return contents ? contents : "";
    }
    [[nodiscard]] bool broken() const { return broken_; }

private:
    bool good(int result) {
        broken_ = broken_ || result < 0;
        return result >= 0;
    }
    bool ok(int result) { return good(result) && result > 0; }

    const SystemdLibrary* library_;
    sd_bus_message* message_;
    bool broken_ = false;
};

// A variant of that type into that place; of another type it is passed by.
template <class Wire, class Into>
void take(Answer& answer, const char* type, Into& into) {
    if (answer.variant() != type) {
        answer.skip("v");
        return;
    }
    Wire value{};
    if (answer.read("v", type, &value)) into = value;
}

void take_flag(Answer& answer, std::optional<bool>& into) {
    std::optional<int> flag;
    take<int>(answer, "b", flag);
    if (flag) into = *flag != 0;
}

// ExecStart: path, words, and when it ran last; of several the first.
void take_command(Answer& answer, std::vector<std::string>& into) {
    constexpr std::size_t most_words = 10'000;
    constexpr const char* entry = "sasbttttuii";
    if (answer.variant() != "a(sasbttttuii)") {
        answer.skip("v");
        return;
    }
    if (!answer.enter('v', "a(sasbttttuii)") || !answer.enter('a', "(sasbttttuii)")) return;
    while (answer.enter('r', entry)) {
        const char* word = nullptr;
        const bool first = into.empty();
        if (!answer.read("s", &word) || !answer.enter('a', "s")) return;
        while (answer.read("s", &word))
            if (first && into.size() < most_words) into.emplace_back(word);
        if (!answer.leave() || !answer.skip("bttttuii") || !answer.leave()) return;
    }
    (void)(answer.leave() && answer.leave());
}

void take_property(Answer& answer, std::string_view name, UnitDetails& details) {
    const auto text = [&](std::string& into) { take<const char*>(answer, "s", into); };
    if (name == "Id") return text(details.id);
    if (name == "Description") return text(details.description);
    if (name == "LoadState") return text(details.load_state);
    if (name == "ActiveState") return text(details.active_state);
    if (name == "User") return text(details.user);
    if (name == "Result") return text(details.result);
    if (name == "MainPID") return take<std::uint32_t>(answer, "u", details.process);
    if (name == "ExecMainCode") return take<std::int32_t>(answer, "i", details.exit_code);
    if (name == "ExecMainStatus") return take<std::int32_t>(answer, "i", details.exit_status);
    if (name == "ExecMainStartTimestamp") return take<std::uint64_t>(answer, "t", details.started);
    if (name == "CanStart") return take_flag(answer, details.can_start);
    if (name == "CanStop") return take_flag(answer, details.can_stop);
    if (name == "ExecStart") return take_command(answer, details.command);
    answer.skip("v");
}

struct EndedJobs {
    const SystemdLibrary* library;
    std::vector<std::pair<std::string, std::string>> results;  // Its object, what became of it.
};

int on_job_removed(sd_bus_message* message, void* user_data, sd_bus_error*) {
    auto& jobs = *static_cast<EndedJobs*>(user_data);
    std::uint32_t id = 0;
    const char *job = nullptr, *unit = nullptr, *result = nullptr;
    if (jobs.library->message_read(message, "uoss", &id, &job, &unit, &result) > 0 &&
        jobs.results.size() < most_jobs_seen)
        jobs.results.emplace_back(job, result);
    return 0;
}

class Systemd final : public ServiceManager {
public:
    Systemd(const SystemdLibrary& library, sd_bus* bus, SystemdOptions options)
        : library_(library), bus_(bus), options_(std::move(options)) {}
    ~Systemd() override { library_.bus_close_unref(bus_); }  // Without waiting for anything.

    BusReply<bool> log_on();

    BusReply<std::vector<Unit>> units() override;
    BusReply<std::vector<UnitFile>> unit_files() override;
    BusReply<std::string> file_state(const std::string& unit) override;
    BusReply<UnitDetails> details(const std::string& unit) override;
    BusReply<std::string> start(const std::string& unit) override { return job("StartUnit", unit); }
    BusReply<std::string> stop(const std::string& unit) override { return job("StopUnit", unit); }
    BusReply<bool> change_file(FileChange change, const std::string& unit) override;
    BusReply<bool> reload() override;

private:
    template <class... Arguments>
    BusReply<Answer> call(const char* path, const char* interface, const char* method, const char* types,
                          Arguments... arguments);
    template <class... Arguments>
    BusReply<Answer> manager(const char* method, const char* types, Arguments... arguments) {
        return call(manager_path, manager_interface, method, types, arguments...);
    }
    BusReply<std::string> job(const char* method, const std::string& unit);
    BusReply<std::string> wait_for(const std::string& job);
    BusReply<bool> watch_jobs();

    const SystemdLibrary& library_;
    sd_bus* bus_;
    SystemdOptions options_;
    bool watching_ = false;
    EndedJobs ended_ = {&library_, {}};
};

// sd-bus would wait for 90 seconds, and for ever in a call.
BusReply<bool> Systemd::log_on() {
    int result = library_.bus_set_address(bus_, options_.address.c_str());
    if (result >= 0) result = library_.bus_set_bus_client(bus_, 1);
    if (result >= 0)
        result = library_.bus_set_timeout(
            bus_, static_cast<std::uint64_t>(microseconds(options_.patience).count()));
    if (result >= 0) result = library_.bus_start(bus_);
    const auto deadline = Clock::now() + options_.patience;
    while (result >= 0) {
        if (library_.bus_is_ready(bus_) > 0) return true;
        const auto left = left_until(deadline);
        if (left == 0) return BusError{bus_error::timeout, "the bus did not answer in time"};
        result = library_.bus_process(bus_, nullptr);
        if (result == 0) result = library_.bus_wait(bus_, left);
    }
    return error_of(result, bus_error::no_server);
}

template <class... Arguments>
BusReply<Answer> Systemd::call(const char* path, const char* interface, const char* method, const char* types,
                               Arguments... arguments) {
    sd_bus_error error{};  // SD_BUS_ERROR_NULL is written in C.
    sd_bus_message* reply = nullptr;
    const int result = library_.bus_call_method(bus_, destination, path, interface, method, &error, &reply,
                                                types, arguments...);
    if (result >= 0) return Answer(library_, reply);
    BusError failed = {error.name ? error.name : bus_error::disconnected,
                       error.message ? error.message : std::strerror(-result)};
    library_.bus_error_free(&error);
    return failed;
}

BusReply<std::vector<Unit>> Systemd::units() {
    auto answer = manager("ListUnits", "");
    if (!answer.ok()) return answer.error();
    std::vector<Unit> found;
    if (!answer->enter('a', "(ssssssouso)")) return wrong_answer("ListUnits");
    while (answer->enter('r', "ssssssouso")) {
        const char *name = nullptr, *description = nullptr, *load = nullptr, *active = nullptr;
        if (!answer->read("ssss", &name, &description, &load, &active)) break;
        if (found.size() >= options_.most_units) return BusError{bus_error::limits, "too many units"};
        found.push_back({name, description, load, active});
        if (!answer->skip("ssouso") || !answer->leave()) break;
    }
    if (answer->broken()) return wrong_answer("ListUnits");
    return found;
}

BusReply<std::vector<UnitFile>> Systemd::unit_files() {
    auto answer = manager("ListUnitFiles", "");
    if (!answer.ok()) return answer.error();
    std::vector<UnitFile> found;
    if (!answer->enter('a', "(ss)")) return wrong_answer("ListUnitFiles");
    const char *path = nullptr, *state = nullptr;
    while (answer->read("(ss)", &path, &state)) {
        if (found.size() >= options_.most_units) return BusError{bus_error::limits, "too many unit files"};
        const std::string_view whole = path;
        found.push_back({std::string(whole.substr(whole.rfind('/') + 1)), state});
    }
    if (answer->broken()) return wrong_answer("ListUnitFiles");
    return found;
}

// Looks at the files anew; the unit's own UnitFileState is what it was when the manager was reloaded.
BusReply<std::string> Systemd::file_state(const std::string& unit) {
    auto answer = manager("GetUnitFileState", "s", unit.c_str());
    if (!answer.ok()) return answer.error();
    const char* state = nullptr;
    if (!answer->read("s", &state)) return wrong_answer("GetUnitFileState");
    return std::string(state);
}

// Its object loads what is not loaded.
BusReply<UnitDetails> Systemd::details(const std::string& unit) {
    char* path = nullptr;
    const int encoded = library_.bus_path_encode("/org/freedesktop/systemd1/unit", unit.c_str(), &path);
    if (encoded < 0) return error_of(encoded, bus_error::wrong_answer);
    const std::unique_ptr<char, void (*)(void*)> owned(path, std::free);
    // With no interface: properties of all that it has.
    auto answer = call(path, "org.freedesktop.DBus.Properties", "GetAll", "s", "");
    if (!answer.ok()) return answer.error();
    UnitDetails found;
    if (!answer->enter('a', "{sv}")) return wrong_answer("GetAll");
    while (answer->enter('e', "sv")) {
        const char* name = nullptr;
        if (!answer->read("s", &name)) break;
        take_property(*answer, name, found);
        if (!answer->leave()) break;
    }
    if (answer->broken()) return wrong_answer("GetAll");
    return found;
}

// The manager tells of jobs to those who asked for it; asked before ours begins, so that its end is not
// missed.
BusReply<bool> Systemd::watch_jobs() {
    if (watching_) return true;
    const int result = library_.bus_match_signal(bus_, nullptr, destination, manager_path, manager_interface,
                                                 "JobRemoved", on_job_removed, &ended_);
    if (result < 0) return error_of(result, bus_error::disconnected);
    auto subscribed = manager("Subscribe", "");
    if (!subscribed.ok()) return subscribed.error();
    watching_ = true;
    return true;
}

BusReply<std::string> Systemd::job(const char* method, const std::string& unit) {
    auto watched = watch_jobs();
    if (!watched.ok()) return watched.error();
    ended_.results.clear();
    std::string job;
    {
        auto answer = manager(method, "ss", unit.c_str(), "replace");
        if (!answer.ok()) return answer.error();
        const char* path = nullptr;
        if (!answer->read("o", &path)) return wrong_answer(method);
        job = path;
    }
    return wait_for(job);
}

BusReply<std::string> Systemd::wait_for(const std::string& job) {
    const auto deadline = Clock::now() + options_.job_patience;
    int result = 0;
    while (result >= 0) {
        for (const auto& [ended, how] : ended_.results)
            if (ended == job) return how;
        const auto left = left_until(deadline);
        if (left == 0) return BusError{bus_error::timeout, "the job takes longer than is waited"};
        result = library_.bus_process(bus_, nullptr);
        if (result == 0) result = library_.bus_wait(bus_, left);
    }
    return error_of(result, bus_error::disconnected);
}

BusReply<bool> Systemd::change_file(FileChange change, const std::string& unit) {
    const char* const name = unit.c_str();
    constexpr int runtime = 0, force = 0;  // For good, and nothing is written over.
    const auto ask = [&]() {
        switch (change) {
            case FileChange::enable:
                return manager("EnableUnitFiles", "asbb", 1, name, runtime, force);
            case FileChange::mask:
                return manager("MaskUnitFiles", "asbb", 1, name, runtime, force);
            case FileChange::unmask:
                return manager("UnmaskUnitFiles", "asb", 1, name, runtime);
            case FileChange::disable:
                break;
        }
        return manager("DisableUnitFiles", "asb", 1, name, runtime);
    };
    auto answer = ask();
    if (!answer.ok()) return answer.error();
    if (change != FileChange::enable) return true;
    int meant = 0;
    if (!answer->read("b", &meant)) return wrong_answer("EnableUnitFiles");
    return meant != 0;
}

BusReply<bool> Systemd::reload() {
    auto answer = manager("Reload", "");
    if (!answer.ok()) return answer.error();
    return true;
}

}  // namespace

SystemdOptions system_bus_options() {
    const char* const told = ::secure_getenv("DBUS_SYSTEM_BUS_ADDRESS");
    SystemdOptions options;
    options.address = told ? told : "unix:path=/run/dbus/system_bus_socket";
    return options;
}

BusReply<std::unique_ptr<ServiceManager>> connect_to_systemd(const SystemdOptions& options) {
    std::string why;
    const auto* library = systemd_library(why);
    if (!library) return BusError{bus_error::no_server, why};
    sd_bus* bus = nullptr;
    if (const int result = library->bus_new(&bus); result < 0) return error_of(result, bus_error::no_server);
    auto manager = std::make_unique<Systemd>(*library, bus, options);
    auto logged_on = manager->log_on();
    if (!logged_on.ok())
        return BusError{logged_on.error().name,
                        fmt::format("{}: {}", options.address, logged_on.error().message)};
    return std::unique_ptr<ServiceManager>(std::move(manager));
}

}  // namespace mullion::cim
