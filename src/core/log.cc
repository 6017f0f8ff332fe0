#include "core/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "core/printable.h"

namespace mullion {
namespace {

spdlog::level::level_enum level_of(LogLevel level) {
    switch (level) {
        case LogLevel::debug:
            return spdlog::level::debug;
        case LogLevel::info:
            return spdlog::level::info;
        case LogLevel::warning:
            return spdlog::level::warn;
        case LogLevel::error:
            return spdlog::level::err;
    }
    return spdlog::level::err;
}

class StderrLogger final : public Logger {
public:
    explicit StderrLogger(LogLevel lowest)
        : lowest_(lowest), logger_("mullion", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
        logger_.set_formatter(std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%SZ %l %v",
                                                                          spdlog::pattern_time_type::utc));
        logger_.set_level(level_of(lowest));
        logger_.flush_on(spdlog::level::debug);
    }
    [[nodiscard]] bool enabled(LogLevel level) const override { return level >= lowest_; }
    void write(LogLevel level, std::string_view line) override {
        // A peer's text must neither forge other lines nor drive the terminal of whoever reads the log.
        logger_.log(level_of(level), "{}", one_line(line));
    }

private:
    LogLevel lowest_;
    spdlog::logger logger_;
};

class NullLogger final : public Logger {
public:
    [[nodiscard]] bool enabled(LogLevel) const override { return false; }
    void write(LogLevel, std::string_view) override {}
};

}  // namespace

std::unique_ptr<Logger> stderr_logger(LogLevel lowest) {
    return std::make_unique<StderrLogger>(lowest);
}

Logger& null_logger() {
    static NullLogger logger;
    return logger;
}

}  // namespace mullion
