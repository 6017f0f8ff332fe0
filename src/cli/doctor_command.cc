// `mullion doctor TARGET`: each layer in turn, and for the one that fails why, and what to do.
#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <mutex>
#include <system_error>

#include "checks/mode.h"
#include "cli/commands.h"
#include "cli/connection_options.h"
#include "cli/doctor_report.h"
#include "cli/exit_status.h"
#include "cli/interrupts.h"
#include "cli/notices.h"
#include "cli/preparation.h"
#include "cli/report_text.h"
#include "doctor/live_probes.h"

namespace mullion::cli {
namespace {

struct DoctorWords {
    std::shared_ptr<ConnectionOptions> connection;
    Format format = Format::text;
    std::string purpose, folder;
};

Error wrong(std::string text) {
    return {ErrorId::usage_invalid, std::move(text)};
}

Result<std::vector<std::string>> modes_of(std::string_view list) {
    std::vector<std::string> modes;
    for (std::size_t at = 0; at <= list.size();) {
        const auto end = std::min(list.find(',', at), list.size());
        const auto name = list.substr(at, end - at);
        if (checks::find_mode(name) == nullptr)
            return wrong(fmt::format(
                "--for check={}: there is no mode '{}'; mullion check --list-modes shows them", list, name));
        modes.emplace_back(name);
        at = end + 1;
    }
    return modes;
}

// "check", "check=cpu,services"
Result<std::optional<doctor::Monitoring>> monitoring_of(const DoctorWords& words) {
    constexpr std::string_view name = "check";
    const std::string_view said = words.purpose;
    if (said.empty()) {
        if (!words.folder.empty()) return wrong("--folder is for --for check");
        return std::optional<doctor::Monitoring>();
    }
    const auto equals = std::min(said.find('='), said.size());
    if (said.substr(0, equals) != name)
        return wrong(fmt::format("--for {}: it is check, or check=MODE,…", said));
    doctor::Monitoring monitoring;
    if (equals < said.size()) {
        MULLION_ASSIGN(monitoring.modes, modes_of(said.substr(equals + 1)));
    }
    if (!words.folder.empty()) monitoring.folder = words.folder;
    if (!doctor::may_be_folder(monitoring.folder))
        return wrong(fmt::format("--folder {}: it begins with a drive and ends with a slash: C:/Users/",
                                 words.folder));
    return std::optional(std::move(monitoring));
}

// Ctrl-C, for whatever goes on at that moment.
class Stop {
public:
    explicit Stop(client::Runtime& runtime) : runtime_(runtime), descriptor_(::eventfd(0, EFD_CLOEXEC)) {
        if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "interruptions");
    }
    ~Stop() { ::close(descriptor_); }
    Stop(const Stop&) = delete;
    Stop& operator=(const Stop&) = delete;

    void pull() {
        const std::uint64_t one = 1;
        (void)!::write(descriptor_, &one, sizeof one);
        runtime_.stop_waiting();
        const std::lock_guard lock(mutex_);
        pulled_ = true;
        if (probes_ != nullptr) probes_->interrupt();
    }
    void watch(doctor::LiveProbes* probes) {
        const std::lock_guard lock(mutex_);
        probes_ = probes;
        if (pulled_ && probes_ != nullptr) probes_->interrupt();
    }
    [[nodiscard]] bool pulled() {
        const std::lock_guard lock(mutex_);
        return pulled_;
    }
    [[nodiscard]] int descriptor() const { return descriptor_; }  // Readable from then on.

private:
    client::Runtime& runtime_;
    const int descriptor_;
    std::mutex mutex_;
    doctor::LiveProbes* probes_ = nullptr;
    bool pulled_ = false;
};

// Hosts one after the other: each is looked at with care, and there are few.
class Round {
public:
    Round(Hosts& hosts, Preparation& preparation, DoctorReport& report, client::Runtime& runtime, Stop& stop,
          std::optional<doctor::Monitoring> monitoring)
        : hosts_(hosts),
          preparation_(preparation),
          report_(report),
          runtime_(runtime),
          stop_(stop),
          monitoring_(std::move(monitoring)) {}

    void make() {
        for (std::size_t host = 0; host < hosts_.count(); ++host) {
            const auto name = hosts_.name(host);
            if (stop_.pulled()) {
                report_.skip(name, {Error(ErrorId::run_not_started, "").on_host(name), {}});
                continue;
            }
            auto prepared = preparation_.prepare(host);
            if (auto* work = std::get_if<fleet::Work>(&prepared))
                look_at(name, std::move(*work));
            else
                report_.skip(name, std::get<fleet::NotRun>(prepared));
        }
    }

private:
    void look_at(const std::string& name, fleet::Work work) {
        auto subject = doctor::make_subject(work.target, work.credential);
        if (subject.ok()) subject->monitoring = monitoring_;
        if (!subject.ok()) {
            auto error = subject.error();
            report_.skip(name, {std::move(error).on_host(name), {}});
            return;
        }
        const auto began = system_clock().now();
        const auto url = work.target.url();
        report_.begin(name, url, work.credential.user);
        doctor::LiveProbes probes(runtime_, std::move(work.target), std::move(work.credential));
        stop_.watch(&probes);
        auto diagnosis = doctor::examine(*subject, probes,
                                         [this](const doctor::Finding& finding) { report_.tell(finding); });
        stop_.watch(nullptr);
        const auto took = std::chrono::duration_cast<Duration>(system_clock().now() - began);
        report_.end(looked_at(name, url, std::move(diagnosis), took));
    }

    Hosts& hosts_;
    Preparation& preparation_;
    DoctorReport& report_;
    client::Runtime& runtime_;
    Stop& stop_;
    const std::optional<doctor::Monitoring> monitoring_;
};

int exit_status_of(const Writer& writer, const Tally& tally) {
    if (writer.problem() == EPIPE) return exit_status::interrupted;  // `… | head` has what it wanted.
    return writer.problem() == 0 ? tally.exit_status() : exit_status::host_failed;
}

int doctor_round(const DoctorWords& words) {
    auto monitoring = monitoring_of(words);
    if (!monitoring.ok()) return tell(monitoring.error());
    Notices notices;
    const Notify notify = [&notices](const std::string& text) { notices.tell(text); };
    const auto hosts = find_hosts(*words.connection, notify);
    if (!hosts.ok()) return tell(hosts.error());
    HostSecrets secrets(**hosts, words.connection->secrets, {"doctor", {}, {}}, notify);
    Preparation preparation(**hosts, secrets, words.connection->password, notify);
    if (const auto checked = preparation.check(); !checked.ok()) return tell(checked.error());
    Interrupts interrupts;  // First: every thread must inherit that signals are not for it.
    // Never deleted: the process ends without waiting for what was given up (process.cc).
    auto* const runtime = new client::Runtime();
    Stop stop(*runtime);
    Writer writer(Writer::Options{});
    notices.speak_through(&writer);
    preparation.speak_through(
        {[&writer] { return writer.hush(); }, [&stop] { stop.pull(); }, stop.descriptor()});
    writer.on_broken([&stop] { stop.pull(); });
    interrupts.on_first([&stop] { stop.pull(); });
    const auto began = system_clock().now();
    DoctorReport report(writer, words.format, (*hosts)->count() > 1);
    Round(**hosts, preparation, report, *runtime, stop, std::move(monitoring).value()).make();
    report.set_audit_head(secrets.audit_head());
    report.finish(std::chrono::duration_cast<Duration>(system_clock().now() - began));
    interrupts.on_first({});
    notices.speak_through(nullptr);
    preparation.speak_through({});
    writer.finish();
    return exit_status_of(writer, report.tally());
}

}  // namespace

void declare_doctor(CLI::App& app, Action& action) {
    auto words = std::make_shared<DoctorWords>();
    words->connection = declare_connection(app);
    declare_format(app, words->format);
    app.add_option(
           "--for", words->purpose,
           "check, or check=MODE,…: also what mullion check needs, and which grant is missing for which mode")
        ->type_name("check[=MODE,…]");
    app.add_option(
           "--folder", words->folder,
           "With --for check: the folder that files-date and files-size look at (default C:/Windows/)")
        ->type_name("FOLDER");
    app.footer(
        "Looks at names, ports, TLS, HTTP, schemes, clocks, KDCs and tickets, logs on by each transport that "
        "was "
        "asked for, opens a shell, and warns of what is unsafe. A password is shown to nobody any more once "
        "somebody has refused it.\n\n"
        "Exit status: 0 all is well, or there are warnings only; 4 something failed; 5 wrong usage or "
        "inventory; "
        "130 interrupted.\n\n"
        "Examples:\n"
        "  mullion doctor https://admin@web01.example.com -k --transport kerberos,ntlm\n"
        "  mullion doctor -i hosts.yml web03 --output json\n"
        "  mullion doctor https://monitor@web01.example.com -k --for check=cpu,memory,services,eventlog");
    action = [words] { return doctor_round(*words); };
}

}  // namespace mullion::cli
