// Win32_PerfRawData_LocalSessionManager_TerminalServices: log-ons, as systemd-logind keeps them in /run.
#include "cim/classes/classes.h"
#include "cim/classes/perf.h"

namespace mullion::cim {
namespace {

constexpr PropertyDef properties[] = {raw_counter("ActiveSessions"), raw_counter("InactiveSessions"),
                                      raw_counter("TotalSessions")};
constinit const ClassDef definition_ =
    perf_class("Win32_PerfRawData_LocalSessionManager_TerminalServices", properties, true);

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
