// The parts of FLEET.yml's reader. Internal to the room.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "simulate/fleet.h"
#include "simulate/fleet_file.h"
#include "simulate/map_reader.h"

namespace mullion::simulate {

// What the top of the file, a profile or a host says of hosts; the more special one goes over the other.
struct Traits {
    std::optional<std::string> vendor;
    std::optional<std::string> release;
    std::optional<std::string> stack;
    std::vector<const yaml::Node::Entry*> settings;
    std::shared_ptr<const std::vector<Account>> accounts;
    std::vector<std::shared_ptr<const Answer>> answers;
    std::shared_ptr<const Answer> otherwise;
    std::optional<std::uint32_t> operations_per_shell;
    CimTables cim;
    std::optional<CimForm> cim_form;
    std::shared_ptr<const WindowsSideSpec> windows_side;
};

struct FileReader {
    const ReadFile& files;
    std::size_t answers = 0;
    std::size_t cim_values = 0;
};

[[nodiscard]] Result<std::shared_ptr<const Answer>> read_answer(FileReader& reader, const yaml::Node& node);
// Of `otherwise`, which has no match.
[[nodiscard]] Result<std::shared_ptr<const Answer>> read_plain_answer(FileReader& reader,
                                                                      const yaml::Node& node);
[[nodiscard]] Result<FaultRule> read_fault(FileReader& reader, const yaml::Node& node);
[[nodiscard]] Result<Account> read_account(FileReader& reader, const yaml::Node& node);

// The keys of Traits, for whoever has others besides. `what` is for messages.
[[nodiscard]] Result<void> read_identify(FileReader& reader, Traits& into, const yaml::Node::Entry& entry);
[[nodiscard]] Result<void> read_settings(FileReader& reader, Traits& into, const yaml::Node::Entry& entry);
[[nodiscard]] Result<void> read_accounts(FileReader& reader, Traits& into, const yaml::Node::Entry& entry);
[[nodiscard]] Result<void> read_answers(FileReader& reader, Traits& into, const yaml::Node::Entry& entry);
[[nodiscard]] Result<void> read_otherwise(FileReader& reader, Traits& into, const yaml::Node::Entry& entry);
[[nodiscard]] Result<void> read_shell_operations(FileReader& reader, Traits& into,
                                                 const yaml::Node::Entry& entry);
[[nodiscard]] Result<void> read_classes(FileReader& reader, Traits& into, const yaml::Node::Entry& entry);
[[nodiscard]] Result<void> read_cim_form(FileReader& reader, Traits& into, const yaml::Node::Entry& entry);
[[nodiscard]] Result<void> read_windows_side(FileReader& reader, Traits& into,
                                             const yaml::Node::Entry& entry);

// A host's own over its profile's over the top's. Errors: simulate.invalid
[[nodiscard]] Result<std::shared_ptr<const HostKind>> settle(std::initializer_list<const Traits*> layers);

// What each part adds to fleet_keys().
void list_trait_keys(FleetKeys& into);
void list_answer_keys(FleetKeys& into);
void list_fault_keys(FleetKeys& into);
void list_windows_side_keys(FleetKeys& into);
template <class Keys>
[[nodiscard]] std::set<std::string> names_of_keys(const Keys& keys) {
    std::set<std::string> names;
    for (const auto& key : keys) names.emplace(key.name);
    return names;
}

// One of the keys that say what a text is compared with: command or text (exactly), glob, contains, regex.
[[nodiscard]] Result<Match> read_match(Match::How how, const yaml::Node::Entry& entry);

}  // namespace mullion::simulate
