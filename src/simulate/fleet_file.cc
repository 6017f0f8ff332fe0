#include "simulate/fleet_file.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "simulate/cim_reader.h"
#include "simulate/fleet_reader.h"
#include "simulate/host_range.h"
#include "state/listen_url.h"

namespace mullion::simulate {
namespace {

using Entry = yaml::Node::Entry;

constexpr std::size_t most_hosts = 200'000;
constexpr std::size_t most_listeners = 4'096;
constexpr std::size_t most_faults = 1'000;
constexpr yaml::Limits file_limits{16 * 1024 * 1024, 12, 1'000'000};

// The sections of the file; they are read in an order of their own, whatever theirs is.
struct Sections {
    bool version = false;
    std::uint64_t seed = 0;
    std::string keytab;
    Traits all;
    const Entry* profiles = nullptr;
    const Entry* hosts = nullptr;
    const Entry* listeners = nullptr;
    const Entry* faults = nullptr;
};

template <auto member>
Result<void> section(FileReader&, Sections& into, const Entry& entry) {
    into.*member = &entry;
    return {};
}

template <auto read>
Result<void> of_all(FileReader& reader, Sections& into, const Entry& entry) {
    return read(reader, into.all, entry);
}

Result<void> read_version(FileReader&, Sections& into, const Entry& entry) {
    MULLION_ASSIGN(const std::string version, text_of(entry));
    if (version != "1") return at_line(entry.line, fmt::format("version is 1, not {}", version));
    into.version = true;
    return {};
}

// libkrb5 reads it for each log-on; here only that it can be read.
Result<void> read_keytab(FileReader& reader, Sections& into, const Entry& entry) {
    MULLION_ASSIGN(into.keytab, text_of(entry));
    if (into.keytab.empty()) return at_line(entry.line, "keytab is a file's name");
    MULLION_ASSIGN(std::string bytes, reader.files(into.keytab));
    wipe(bytes);
    return {};
}

constexpr std::array<Key<Sections>, 16> file_keys{{
    {"version", read_version},
    {"keytab", read_keytab},
    {"seed",
     [](FileReader&, Sections& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.seed, number_of(entry, 0, ~std::uint64_t{0}));
         return {};
     }},
    {"listeners", section<&Sections::listeners>},
    {"profiles", section<&Sections::profiles>},
    {"hosts", section<&Sections::hosts>},
    {"faults", section<&Sections::faults>},
    {"identify", of_all<read_identify>},
    {"settings", of_all<read_settings>},
    {"accounts", of_all<read_accounts>},
    {"answers", of_all<read_answers>},
    {"otherwise", of_all<read_otherwise>},
    {"operations_per_shell", of_all<read_shell_operations>},
    {"cim", of_all<read_classes>},
    {"cim_form", of_all<read_cim_form>},
    {"prepare", of_all<read_windows_side>},
}};

constexpr std::array<Key<Traits>, 9> profile_keys{{
    {"identify", read_identify},
    {"settings", read_settings},
    {"accounts", read_accounts},
    {"answers", read_answers},
    {"otherwise", read_otherwise},
    {"operations_per_shell", read_shell_operations},
    {"cim", read_classes},
    {"cim_form", read_cim_form},
    {"prepare", read_windows_side},
}};

using Profiles = std::map<std::string, Traits>;

Result<Profiles> read_profiles(FileReader& reader, const Entry* section) {
    Profiles profiles;
    if (section == nullptr) return profiles;
    MULLION_TRY(expect_map(section->value, "profiles"));
    for (const auto& entry : section->value.map)
        MULLION_TRY(read_map(reader, profiles[entry.key], entry.value, profile_keys, "a profile"));
    return profiles;
}

// ---- hosts ----

struct HostDraft {
    std::string name;
    std::string address;
    std::string profile;
    unsigned profile_line = 0;
    Traits own;
};

template <auto member>
Result<void> host_text(FileReader&, HostDraft& into, const Entry& entry) {
    MULLION_ASSIGN(into.*member, text_of(entry));
    into.profile_line = entry.line;
    return {};
}

template <auto read>
Result<void> of_host(FileReader& reader, HostDraft& into, const Entry& entry) {
    return read(reader, into.own, entry);
}

constexpr std::array<Key<HostDraft>, 12> host_keys{{
    {"name", host_text<&HostDraft::name>},
    {"address", host_text<&HostDraft::address>},
    {"profile", host_text<&HostDraft::profile>},
    {"identify", of_host<read_identify>},
    {"settings", of_host<read_settings>},
    {"accounts", of_host<read_accounts>},
    {"answers", of_host<read_answers>},
    {"otherwise", of_host<read_otherwise>},
    {"operations_per_shell", of_host<read_shell_operations>},
    {"cim", of_host<read_classes>},
    {"cim_form", of_host<read_cim_form>},
    {"prepare", of_host<read_windows_side>},
}};

std::string suggestion(const std::string& word, const Profiles& profiles) {
    std::vector<std::string_view> names;
    for (const auto& [name, traits] : profiles) names.push_back(name);
    const auto near = nearest(word, names);
    return near.empty() ? std::string() : fmt::format("; did you mean {}?", near);
}

class HostsReader {
public:
    HostsReader(Fleet& fleet, FileReader& reader, const Traits& all, const Profiles& profiles)
        : fleet_(fleet), reader_(reader), all_(all), profiles_(profiles) {}

    Result<void> read(const yaml::Node& node) {
        HostDraft draft;
        MULLION_TRY(read_map(reader_, draft, node, host_keys, "a host"));
        const auto names = expand_names(draft.name, most_hosts);
        if (draft.name.empty() || !names)
            return at_line(node.line, "a host needs a name, which may have a range: web[01:50]");
        if (fleet_.hosts.size() + names->size() > most_hosts)
            return at_line(node.line, fmt::format("over {} hosts", most_hosts));
        MULLION_ASSIGN(const auto kind, kind_of(draft));
        if (!kind->accounts || kind->accounts->empty())
            return at_line(node.line, fmt::format("{} has no accounts: nobody could log on", draft.name));
        for (std::size_t i = 0; i < names->size(); ++i)
            MULLION_TRY(add(draft, names->at(i), i, kind, node.line));
        return {};
    }

private:
    Result<std::shared_ptr<const HostKind>> kind_of(const HostDraft& draft) {
        if (draft.profile.empty()) return settle({&all_, &draft.own});
        const auto found = profiles_.find(draft.profile);
        if (found == profiles_.end())
            return at_line(draft.profile_line, fmt::format("there is no profile {}{}", draft.profile,
                                                           suggestion(draft.profile, profiles_)));
        return settle({&all_, &found->second, &draft.own});
    }

    Result<void> add(const HostDraft& draft, const std::string& name, std::size_t index,
                     const std::shared_ptr<const HostKind>& kind, unsigned line) {
        if (!names_.insert(name).second) return at_line(line, fmt::format("there are two hosts {}", name));
        std::string address;
        if (!draft.address.empty()) {
            const auto counted = address_after(draft.address, index);
            if (!counted)
                return at_line(line, fmt::format("address \"{}\" is no address, or has not so many after it",
                                                 draft.address));
            address = *counted;
        }
        if (!addresses_.insert(address).second)
            return at_line(line, address.empty() ? "there are two hosts without an address"
                                                 : fmt::format("two hosts have the address {}", address));
        fleet_.hosts.push_back({name, std::move(address), kind});
        return {};
    }

    Fleet& fleet_;
    FileReader& reader_;
    const Traits& all_;
    const Profiles& profiles_;
    std::unordered_set<std::string> names_;
    std::unordered_set<std::string> addresses_;
};

// ---- listeners ----

struct ListenerDraft {
    ListenerSpec spec;
    std::string host;
};

constexpr std::array<Key<ListenerDraft>, 6> listener_keys{{
    {"address",
     [](FileReader&, ListenerDraft& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(const std::string text, text_of(entry));
         const auto address = state::parse_listener_address(text);
         if (!address) return at_line(entry.line, fmt::format("address \"{}\" is no address", text));
         into.spec.address = *address;
         return {};
     }},
    {"port",
     [](FileReader&, ListenerDraft& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(const auto port, number_of(entry, 0, 65'535));
         into.spec.port = static_cast<std::uint16_t>(port);
         return {};
     }},
    {"scheme",
     [](FileReader&, ListenerDraft& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(const std::string word, text_of(entry));
         if (word != "http" && word != "https") return at_line(entry.line, "scheme is http or https");
         into.spec.https = word == "https";
         return {};
     }},
    {"certificate",
     [](FileReader& reader, ListenerDraft& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(const std::string path, text_of(entry));
         MULLION_ASSIGN(into.spec.certificate_pem, reader.files(path));
         return {};
     }},
    {"key",
     [](FileReader& reader, ListenerDraft& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(const std::string path, text_of(entry));
         MULLION_ASSIGN(std::string pem, reader.files(path));
         into.spec.key_pem = Secret(pem);
         wipe(pem);
         return {};
     }},
    {"host",
     [](FileReader&, ListenerDraft& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.host, text_of(entry));
         return {};
     }},
}};

Result<void> read_listener(FileReader& reader, Fleet& fleet, const yaml::Node& node) {
    ListenerDraft draft;
    draft.spec.port = 0;
    MULLION_TRY(read_map(reader, draft, node, listener_keys, "a listener"));
    const bool certificate = !draft.spec.certificate_pem.empty();
    if (certificate == draft.spec.key_pem.empty() || (certificate && !draft.spec.https))
        return at_line(node.line, "certificate and key go together, and with scheme: https");
    if (!draft.host.empty()) {
        const auto found = std::find_if(fleet.hosts.begin(), fleet.hosts.end(),
                                        [&](const auto& host) { return host.name == draft.host; });
        if (found == fleet.hosts.end())
            return at_line(node.line, fmt::format("there is no host {}", draft.host));
        draft.spec.host = static_cast<std::size_t>(found - fleet.hosts.begin());
    }
    fleet.listeners.push_back(std::move(draft.spec));
    return {};
}

template <class Each>
Result<void> read_list(const Entry* section, std::size_t most, Each each) {
    if (section == nullptr) return {};
    MULLION_TRY(expect_list(*section));
    if (section->value.list.size() > most)
        return at_line(section->line, fmt::format("over {} {}", most, section->key));
    for (const auto& node : section->value.list) MULLION_TRY(each(node));
    return {};
}

}  // namespace

FleetKeys fleet_keys() {
    FleetKeys keys;
    keys[""] = names_of_keys(file_keys);
    keys["profile"] = names_of_keys(profile_keys);
    keys["host"] = names_of_keys(host_keys);
    keys["listener"] = names_of_keys(listener_keys);
    list_trait_keys(keys);
    list_answer_keys(keys);
    list_fault_keys(keys);
    list_cim_keys(keys);
    list_windows_side_keys(keys);
    return keys;
}

Result<Fleet> read_fleet(std::string_view yaml_text, const ReadFile& files) {
    auto root = yaml::read(yaml_text, file_limits);
    if (!root.ok()) return Error{ErrorId::fleet_file_invalid, root.error().detail};
    FileReader reader{files};
    Sections sections;
    MULLION_TRY(read_map(reader, sections, *root, file_keys, "a fleet"));
    if (!sections.version) return at_line(root->line, "version: 1 is missing");
    MULLION_ASSIGN(const Profiles profiles, read_profiles(reader, sections.profiles));

    Fleet fleet;
    fleet.seed = sections.seed;
    fleet.keytab = sections.keytab;
    HostsReader hosts(fleet, reader, sections.all, profiles);
    MULLION_TRY(read_list(sections.hosts, most_hosts, [&](const auto& node) { return hosts.read(node); }));
    if (fleet.hosts.empty()) return at_line(root->line, "there are no hosts");
    MULLION_TRY(read_list(sections.listeners, most_listeners,
                          [&](const auto& node) { return read_listener(reader, fleet, node); }));
    MULLION_TRY(read_list(sections.faults, most_faults, [&](const auto& node) -> Result<void> {
        MULLION_ASSIGN(FaultRule rule, read_fault(reader, node));
        fleet.faults.push_back(std::move(rule));
        return {};
    }));
    return fleet;
}

}  // namespace mullion::simulate
