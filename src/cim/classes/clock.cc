// Win32_UTCTime and Win32_LocalTime.
#include <chrono>

#include "cim/classes/bases.h"
#include "cim/classes/classes.h"
#include "cim/classes/common.h"

namespace mullion::cim {
namespace {

using enum Type;

constexpr PropertyDef properties[] = {
    {"Day", uint32},         {"DayOfWeek", uint32}, {"Hour", uint32},    {"Milliseconds", uint32},
    {"Minute", uint32},      {"Month", uint32},     {"Quarter", uint32}, {"Second", uint32},
    {"WeekInMonth", uint32}, {"Year", uint32}};

constinit const ClassDef current_time = {"Win32_CurrentTime", nullptr, properties, {}, true, true,
                                         "root/cimv2"};
constinit const ClassDef utc_definition = {"Win32_UTCTime", &current_time, {}, {}, false, true, "root/cimv2"};
constinit const ClassDef local_definition = {"Win32_LocalTime", &current_time, {}, {}, false, true,
                                             "root/cimv2"};

class CurrentTime final : public Provider {
public:
    CurrentTime(const ClassDef& definition, bool local) : Provider(definition), local_(local) {}

    // Milliseconds are null, as on Windows.
    std::optional<Fault> enumerate(const Machine& machine, const Question&, Sink& sink) const override {
        using namespace std::chrono;
        const auto time = now(machine);
        const sys_seconds shown(seconds(time.microseconds / 1'000'000 + (local_ ? time.offset * 60 : 0)));
        const auto midnight = floor<days>(shown);
        const year_month_day date(midnight);
        const hh_mm_ss clock(shown - midnight);
        const auto day = static_cast<unsigned>(date.day()), month = static_cast<unsigned>(date.month());
        // Weeks begin on Sundays, and the first one with the month.
        const auto first = weekday(sys_days(date.year() / date.month() / 1)).c_encoding();
        auto instance = make();
        instance.set("Year", static_cast<int>(date.year()))
            .set("Month", month)
            .set("Day", day)
            .set("DayOfWeek", weekday(midnight).c_encoding())
            .set("Quarter", (month - 1) / 3 + 1)
            .set("WeekInMonth", (day + first - 1) / 7 + 1)
            .set("Hour", clock.hours().count())
            .set("Minute", clock.minutes().count())
            .set("Second", clock.seconds().count());
        (void)sink.put(std::move(instance));
        return std::nullopt;
    }

private:
    bool local_;
};

}  // namespace

const Provider& utc_time() {
    static const CurrentTime provider(utc_definition, false);
    return provider;
}

const Provider& local_time() {
    static const CurrentTime provider(local_definition, true);
    return provider;
}

}  // namespace mullion::cim
