// Where a component reports what an operator may want to read later. Never a secret, never a whole message.
#pragma once

#include <fmt/core.h>

#include <memory>
#include <string_view>
#include <utility>

namespace mullion {

enum class LogLevel { debug, info, warning, error };

class Logger {
public:
    virtual ~Logger() = default;
    [[nodiscard]] virtual bool enabled(LogLevel level) const = 0;
    virtual void write(LogLevel level, std::string_view line) = 0;

    template <class... Args>
    void log(LogLevel level, fmt::format_string<Args...> format, Args&&... args) {
        if (enabled(level)) write(level, fmt::format(format, std::forward<Args>(args)...));
    }
    template <class... Args>
    void info(fmt::format_string<Args...> format, Args&&... args) {
        log(LogLevel::info, format, std::forward<Args>(args)...);
    }
    template <class... Args>
    void warning(fmt::format_string<Args...> format, Args&&... args) {
        log(LogLevel::warning, format, std::forward<Args>(args)...);
    }
    template <class... Args>
    void error(fmt::format_string<Args...> format, Args&&... args) {
        log(LogLevel::error, format, std::forward<Args>(args)...);
    }
    template <class... Args>
    void debug(fmt::format_string<Args...> format, Args&&... args) {
        log(LogLevel::debug, format, std::forward<Args>(args)...);
    }
};

// Lines on standard error: "2026-01-31T12:00:00Z warning text". What steers a terminal is in letters
// (core/printable.h).
[[nodiscard]] std::unique_ptr<Logger> stderr_logger(LogLevel lowest);
// Drops everything.
[[nodiscard]] Logger& null_logger();

}  // namespace mullion
