// Win32_PerfRawData_LocalSessionManager_TerminalServices: log-ons, as systemd-logind keeps them in /run.
#include "cim/classes/classes.h"
#include "cim/classes/perf.h"

namespace mullion::cim {
namespace {

using enum Type;

constexpr PropertyDef properties[] = {{"ActiveSessions", uint32, false, false, counter::raw},
                                      {"InactiveSessions", uint32, false, false, counter::raw},
                                      {"TotalSessions", uint32, false, false, counter::raw}};
constinit const ClassDef definition_ = {"Win32_PerfRawData_LocalSessionManager_TerminalServices",
                                        &win32_perf_raw_data,
                                        properties,
                                        {},
                                        false,
                                        true,
                                        "root/cimv2"};

class PerfSessions final : public Provider {
public:
    PerfSessions() : Provider(definition_) {}

    std::optional<Fault> enumerate(const Machine& machine, const Question&, Sink& sink) const override {
        const auto sessions = user_sessions(machine);
        auto instance = make();
        set_stamps(stamps_now(machine), instance);
        if (sessions)
            instance.set("ActiveSessions", sessions->active)
                .set("InactiveSessions", sessions->total - sessions->active)
                .set("TotalSessions", sessions->total);
        (void)sink.put(std::move(instance));
        return std::nullopt;
    }
};

}  // namespace

const Provider& perf_sessions() {
    static const PerfSessions provider;
    return provider;
}

}  // namespace mullion::cim
