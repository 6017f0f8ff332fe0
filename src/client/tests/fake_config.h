// winrm/config of a host in memory: the service's side of wsman around one tree, its listeners and mappings.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "wsman/config.h"
#include "wsman/enumeration.h"

namespace mullion::client::testing {

class FakeConfig {
public:
    FakeConfig();

    // By full path, of the tree: value and where it comes from.
    std::map<std::string, wsman::ConfigValue, std::less<>> tree;
    std::vector<wsman::ConfigDocument> instances;  // Listeners and mappings.
    std::size_t page = 100;                        // Items of one answer.
    bool endless = false;                          // The last page is followed by the first.
    std::vector<std::string> seen;                 // "Get service/auth", "Put listener"
    std::vector<std::string> passwords;            // Of mappings, as they came.
    std::map<std::string, std::string> keeps;      // Answers this value whatever is put.

    void add_listener(const std::string& address, const std::string& transport, const std::string& port);
    [[nodiscard]] const wsman::ConfigDocument* find(const std::string& instance) const;
    [[nodiscard]] std::string answer(const wsman::Message& request);

private:
    [[nodiscard]] Result<std::string> handle(const wsman::Message& request);
    [[nodiscard]] Result<std::string> put(const wsman::Message& request, const wsman::ConfigTarget& target);
    [[nodiscard]] Result<std::string> create(const wsman::Message& request,
                                             const wsman::ConfigTarget& target);
    [[nodiscard]] std::string enumerate(const wsman::Message& request, const wsman::ConfigResource& resource,
                                        std::size_t from);
    [[nodiscard]] wsman::ConfigDocument* instance(const wsman::ConfigTarget& target);
    [[nodiscard]] wsman::ConfigDocument document(const wsman::ConfigResource& resource) const;
    void take_password(const wsman::ConfigDocument& asked);
};

}  // namespace mullion::client::testing
