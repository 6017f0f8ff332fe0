// /proc/stat, cpuinfo and their like.
#include <algorithm>
#include <limits>

#include "cim/lines.h"
#include "cim/proc_files.h"

namespace mullion::cim {
namespace {

std::optional<CpuTimes> cpu_times(std::string_view line) {
    CpuTimes times;
    // Kernels before 2.6.11 have fewer columns: those are 0.
    if (!take_numbers(line, times.user, times.nice, times.system, times.idle)) return std::nullopt;
    (void)take_numbers(line, times.io_wait, times.irq, times.soft_irq, times.steal);
    return times;
}

void add_cpu(std::string_view word, std::string_view line, SystemStat& stat) {
    const auto times = cpu_times(line);
    if (!times) return;
    if (word == "cpu")
        stat.total = times;
    else if (const auto number_of = number<unsigned>(word.substr(3));
             number_of && stat.cpus.size() < most_rows)
        stat.cpus.push_back({*number_of, *times});
}

}  // namespace

Numbers parse_numbers(std::string_view text) {
    Numbers numbers;
    while (const auto whole = take_line(text)) {
        auto line = *whole;
        auto name = take_word(line);
        if (name.ends_with(':')) name.remove_suffix(1);
        const auto value = number<std::uint64_t>(take_word(line));
        if (name.empty() || !value || numbers.size() >= most_rows) continue;
        const bool kilo = take_word(line) == "kB";
        if (kilo && *value > std::numeric_limits<std::uint64_t>::max() / 1024) continue;
        numbers.emplace(name, kilo ? *value * 1024 : *value);
    }
    return numbers;
}

std::optional<std::uint64_t> number_in(const Numbers& numbers, std::string_view name) {
    const auto at = numbers.find(name);
    if (at == numbers.end()) return std::nullopt;
    return at->second;
}

SystemStat parse_system_stat(std::string_view text) {
    SystemStat stat;
    while (const auto whole = take_line(text)) {
        auto line = *whole;
        const auto word = take_word(line);
        if (word.starts_with("cpu")) {
            add_cpu(word, line, stat);
            continue;
        }
        const auto value = number<std::uint64_t>(take_word(line));
        if (word == "intr") stat.interrupts = value;
        if (word == "ctxt") stat.context_switches = value;
        if (word == "btime") stat.boot_time = value;
        if (word == "procs_running") stat.running = value;
    }
    return stat;
}

std::vector<CpuInterrupts> parse_interrupts(std::string_view text) {
    std::vector<CpuInterrupts> cpus;
    auto header = take_line(text).value_or(std::string_view{});
    for (auto word = take_word(header); word.starts_with("CPU"); word = take_word(header)) {
        const auto number_of = number<unsigned>(word.substr(3));
        if (!number_of || cpus.size() >= most_rows) return {};
        cpus.push_back({*number_of, 0});
    }
    while (const auto whole = take_line(text)) {
        auto line = *whole;
        const auto name = take_word(line);
        if (name == "ERR:" || name == "MIS:") continue;  // Of the machine, not of its first processor.
        for (auto& cpu : cpus) {
            const auto count = number<std::uint64_t>(take_word(line));
            if (!count) break;
            cpu.count += *count;
        }
    }
    return cpus;
}

std::vector<CpuFacts> parse_cpu_info(std::string_view text) {
    std::vector<CpuFacts> cpus;
    while (const auto whole = take_line(text)) {
        const auto colon = whole->find(':');
        if (colon == std::string_view::npos) continue;
        const auto name = trimmed(whole->substr(0, colon)), value = trimmed(whole->substr(colon + 1));
        // In lower case: arm's "Processor" of old is the name of the model.
        if (name == "processor") {
            if (cpus.size() >= most_rows) break;
            cpus.emplace_back();
        }
        if (!cpus.empty() && cpus.back().size() < 256) cpus.back().emplace(name, value);
    }
    return cpus;
}

std::optional<std::uint64_t> parse_thread_count(std::string_view text) {
    auto line = take_line(text).value_or(std::string_view{});
    skip_words(line, 3);
    auto both = take_word(line);
    if (both.find('/') == std::string_view::npos) return std::nullopt;
    (void)take_until(both, '/');
    return number<std::uint64_t>(both);
}

std::optional<std::uint64_t> parse_range_count(std::string_view text) {
    auto line = trimmed(take_line(text).value_or(std::string_view{}));
    if (line.empty()) return std::nullopt;
    std::uint64_t count = 0;
    while (!line.empty()) {
        auto part = take_until(line, ',');
        const auto first = number<std::uint32_t>(take_until(part, '-'));
        const auto last = part.empty() ? first : number<std::uint32_t>(part);
        if (!first || !last || *last < *first) return std::nullopt;
        count += std::uint64_t{*last} - *first + 1;
    }
    return count;
}

}  // namespace mullion::cim
