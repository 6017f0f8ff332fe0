// What the answers of a large enumeration cost.
//
//   cim make FOLDER ANSWERS ITEMS     writes answers of Pull: so many, each with so many instances of 25
//   properties cim read FOLDER INSTANCES         reads them over and over, every property by its type, until
//   so many were seen
//
// Reading says "instances properties nulls sum": sum is that of WorkingSetSize, which other readers can tell
// too.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "wsman/cim/batch_stream.h"
#include "wsman/cim/instance_writer.h"
#include "wsman/enumeration.h"

namespace {

using namespace mullion;
using namespace mullion::wsman;
using cim::Type;

constexpr std::string_view uri = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Process";

struct Column {
    std::string_view name;
    Type type;
};
// As a host lists them.
constexpr Column columns[] = {
    {"Caption", Type::string},
    {"CommandLine", Type::string},
    {"CreationClassName", Type::string},
    {"CreationDate", Type::datetime},
    {"CSName", Type::string},
    {"Description", Type::string},
    {"ExecutablePath", Type::string},
    {"ExecutionState", Type::uint16},
    {"Handle", Type::string},
    {"HandleCount", Type::uint32},
    {"InstallDate", Type::datetime},
    {"KernelModeTime", Type::uint64},
    {"Name", Type::string},
    {"OSName", Type::string},
    {"PageFaults", Type::uint32},
    {"PageFileUsage", Type::uint32},
    {"ParentProcessId", Type::uint32},
    {"Priority", Type::uint32},
    {"PrivatePageCount", Type::uint64},
    {"ProcessId", Type::uint32},
    {"Status", Type::string},
    {"ThreadCount", Type::uint32},
    {"UserModeTime", Type::uint64},
    {"VirtualSize", Type::uint64},
    {"WorkingSetSize", Type::uint64},
};
constexpr std::size_t column_count = std::size(columns);
constexpr std::size_t working_set_size = column_count - 1;
constexpr std::uint64_t most_seconds = 86'400;

std::string text_of(std::string_view name, std::uint64_t number) {
    const auto digits = std::to_string(number);
    if (name == "CommandLine") return "\"C:\\Program Files\\Vendor & Sons\\agent.exe\" --instance " + digits;
    if (name == "ExecutablePath") return "C:\\Windows\\System32\\svchost.exe";
    if (name == "CreationClassName") return "Win32_Process";
    if (name == "CSName") return "WEB01";
    if (name == "OSName")
        return "Microsoft Windows Server 2022 Standard|C:\\Windows|\\Device\\Harddisk0\\Partition3";
    return name == "Handle" ? digits : "process" + digits + ".exe";
}

std::string item(std::uint64_t number) {
    cim::InstanceWriter out("Win32_Process", uri, "Win32_Process_Type");
    for (const auto& [name, type] : columns) {
        const bool is_null = name == "ExecutionState" || name == "InstallDate" || name == "Status" ||
                             (name == "CommandLine" && number % 4 == 0);
        if (is_null)
            out.null(name);
        else if (type == Type::datetime)
            out.scalar(name, *cim::moment_of(static_cast<std::int64_t>(
                                 (1'760'000'000 + number % most_seconds) * 1'000'000 + number % 1'000'000)));
        else if (type == Type::string)
            out.text(name, text_of(name, number));
        else
            out.scalar(name,
                       cim::Scalar(type == Type::uint64 ? number * 4096 + 1'234'567 : number % 100'000));
    }
    return out.take();
}

int make(const std::string& folder, int answers, int items) {
    std::uint64_t number = 1;
    for (int i = 0; i < answers; ++i) {
        Batch batch{"uuid:6A3E2B6C-0E1A-4E06-9C6C-0C8C0B1F2A11", {}, false};
        for (int at = 0; at < items; ++at) batch.items.push_back(item(number++));
        std::ofstream file(folder + "/" + std::to_string(i) + ".xml", std::ios::binary);
        file << write_pull_response("uuid:A", "uuid:B", batch);
        if (!file.flush()) return 1;
    }
    return 0;
}

struct Sum {
    std::uint64_t instances = 0, properties = 0, nulls = 0, working_set = 0;
};

// Every value is parsed by its type; false when one is not of it.
bool add(Sum& sum, const cim::PropertyView& property, std::size_t& place) {
    while (place < column_count && columns[place].name != property.name) ++place;
    if (place == column_count) return false;
    ++sum.properties;
    if (property.form == cim::Form::null) {
        ++sum.nulls;
        return true;
    }
    const auto value = property.as(columns[place].type);
    if (value && place == working_set_size) sum.working_set += std::get<std::uint64_t>(*value);
    return value.has_value();
}

Result<bool> read_answer(std::string body, std::uint64_t wanted, Sum& sum) {
    const auto limits = wsman::wire_limits(body.size());
    MULLION_ASSIGN(auto stream, cim::BatchStream::of(std::move(body), action::pull, limits));
    cim::PropertyView property;
    while (sum.instances < wanted) {
        MULLION_ASSIGN(const bool is_item, stream.next_item());
        if (!is_item) break;
        ++sum.instances;
        for (std::size_t place = 0;;) {
            MULLION_ASSIGN(const bool more, stream.next(property));
            if (!more) break;
            if (!add(sum, property, place)) return false;
        }
    }
    return true;
}

int read(const std::string& folder, std::uint64_t wanted) {
    std::vector<std::string> answers;
    for (int i = 0;; ++i) {
        std::ifstream file(folder + "/" + std::to_string(i) + ".xml", std::ios::binary);
        if (!file) break;
        answers.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    if (answers.empty()) return 1;
    Sum sum;
    for (std::size_t i = 0; sum.instances < wanted; ++i) {
        const auto done = read_answer(answers[i % answers.size()], wanted, sum);
        if (!done || !done.value()) {
            std::fprintf(stderr, "cim: %s\n",
                         done ? "a value is not of its type" : done.error().message().c_str());
            return 1;
        }
    }
    std::printf("%llu %llu %llu %llu\n", static_cast<unsigned long long>(sum.instances),
                static_cast<unsigned long long>(sum.properties), static_cast<unsigned long long>(sum.nulls),
                static_cast<unsigned long long>(sum.working_set));
    return 0;
}

}  // namespace

int main(int count, char** words) {
    const std::string verb = count > 1 ? words[1] : "";
    if (verb == "make" && count == 5) return make(words[2], std::atoi(words[3]), std::atoi(words[4]));
    if (verb == "read" && count == 4) return read(words[2], std::strtoull(words[3], nullptr, 10));
    std::fprintf(stderr, "usage: cim make FOLDER ANSWERS ITEMS | cim read FOLDER INSTANCES\n");
    return 5;
}
