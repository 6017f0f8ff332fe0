// A machine that a test makes up, in a folder of its own; and instances gathered from a provider.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "cim/provider.h"

namespace mullion::cim {

class MadeUp {
public:
    MadeUp() {
        // In memory where that is to be had: ten thousand files are slow on a busy disk.
        const std::filesystem::path memory = "/dev/shm";
        const bool in_memory = ::access(memory.c_str(), W_OK) == 0;
        const auto folder = in_memory ? memory : std::filesystem::temp_directory_path();
        std::string name = (folder / "mullion-cim-XXXXXX").string();
        root_ = ::mkdtemp(name.data()) != nullptr ? name : std::string();
        machine.root = root_;
        machine.architecture = "x86_64";
        machine.times = [] { return Times{1'700'000'000'123'456, 98'765'432'100}; };
        machine.utc_offset = [](std::int64_t) { return std::int16_t{60}; };
        machine.file_system = [this](const std::string& path) -> std::optional<FileSystemSize> {
            const auto at = sizes.find(path.substr(root_.size()));
            if (at == sizes.end()) return std::nullopt;
            return at->second;
        };
        machine.addresses = [this] { return addresses; };
    }
    MadeUp(const MadeUp&) = delete;
    MadeUp& operator=(const MadeUp&) = delete;
    ~MadeUp() {
        if (!root_.empty()) std::filesystem::remove_all(root_);
    }

    MadeUp& file(const std::string& path, std::string_view text) {
        std::filesystem::create_directories(std::filesystem::path(root_ + path).parent_path());
        std::ofstream(root_ + path, std::ios::binary) << text;
        return *this;
    }
    MadeUp& folder(const std::string& path) {
        std::filesystem::create_directories(root_ + path);
        return *this;
    }
    MadeUp& link(const std::string& path, const std::string& target) {
        std::filesystem::create_directories(std::filesystem::path(root_ + path).parent_path());
        std::filesystem::create_symlink(target, root_ + path);
        return *this;
    }

    Machine machine;
    std::map<std::string, FileSystemSize> sizes;
    std::vector<Address> addresses;

private:
    std::string root_;
};

class Gathered : public Sink {
public:
    [[nodiscard]] bool put(Instance&& instance) override {
        rows.push_back(std::move(instance));
        return rows.size() < most;
    }
    std::vector<Instance> rows;
    std::size_t most = 1'000'000;
};

inline std::vector<Instance> rows_of(const Provider& provider, const Machine& machine,
                                     const Question& question = {}) {
    Gathered gathered;
    const auto fault = provider.enumerate(machine, question, gathered);
    EXPECT_FALSE(fault.has_value()) << fault->text();
    return std::move(gathered.rows);
}

inline const Instance* row_of(const std::vector<Instance>& rows, std::string_view property,
                              std::string_view value) {
    for (const auto& row : rows)
        if (row.text(property) == value) return &row;
    return nullptr;
}

inline std::string text_of(const Instance& row, std::string_view property) {
    return row.text(property).value_or("(null)");
}
inline std::uint64_t number_of(const Instance& row, std::string_view property) {
    const auto* value = row.find(property);
    const auto* scalar = value ? std::get_if<Scalar>(value) : nullptr;
    const auto* number = scalar ? std::get_if<std::uint64_t>(scalar) : nullptr;
    EXPECT_NE(number, nullptr) << property;
    return number ? *number : ~std::uint64_t{0};
}
inline bool is_null(const Instance& row, std::string_view property) {
    const auto* value = row.find(property);
    return value != nullptr && std::holds_alternative<std::monostate>(*value);
}

}  // namespace mullion::cim
