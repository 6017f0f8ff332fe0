#include "wsman/config_table.h"

#include <set>

#include "wsman/config.h"
#include "wsman/tests/data.h"

namespace mullion::wsman {
namespace {

using testing::data_message;

TEST(ConfigTable, HasTheTreeOfWindowsInItsOrder) {
    const auto& root = *find_config_resource(resource::config);
    const auto read = read_config_answer(data_message("windows/config_get_response"), action::get, root);
    ASSERT_TRUE(read.ok()) << read.error().message();
    ASSERT_EQ(read.value().values.size(), root.rows.size());
    // What this host was set to by hand.
    const std::set<std::string_view> changed{"Service/Auth/Basic", "Service/Auth/CredSSP"};
    for (std::size_t i = 0; i < root.rows.size(); ++i) {
        const auto& value = read.value().values[i];
        EXPECT_EQ(value.path, root.rows[i].path);
        const auto text = config_text(root.rows[i], value.text);
        ASSERT_TRUE(text.ok()) << text.error().message();
        EXPECT_EQ(text.value(), value.text);
        if (!changed.contains(value.path)) {
            EXPECT_EQ(value.text, root.rows[i].preset) << value.path;
        }
    }
}

TEST(ConfigTable, PresetsAreValuesOfTheirRows) {
    for (const auto& resource : config_resources()) {
        for (const auto& row : resource.rows) {
            if (row.access == ConfigAccess::key || row.path == "Port") continue;
            const auto text = config_text(row, row.preset);
            ASSERT_TRUE(text.ok()) << text.error().message();
            EXPECT_EQ(text.value(), row.preset);
        }
    }
}

TEST(ConfigTable, FindsResourcesWithoutRegardToCase) {
    struct Case {
        std::string_view path, found, root;
        std::size_t rows;
    };
    for (const auto& row :
         {Case{"", "", "Config", 44}, Case{"/Client", "client", "Client", 12},
          Case{"/CLIENT/Auth", "client/auth", "Auth", 6},
          Case{"/client/defaultports", "client/defaultports", "DefaultPorts", 2},
          Case{"/service", "service", "Service", 21}, Case{"/Service/Auth", "service/auth", "Auth", 6},
          Case{"/service/DefaultPorts", "service/defaultports", "DefaultPorts", 2},
          Case{"/Winrs", "winrs", "Winrs", 7}, Case{"/Listener", "listener", "Listener", 8},
          Case{"/service/certmapping", "service/certmapping", "CertMapping", 7}}) {
        const auto* found = find_config_resource(std::string(resource::config).append(row.path));
        ASSERT_NE(found, nullptr) << row.path;
        EXPECT_EQ(found->path, row.found);
        EXPECT_EQ(found->root, row.root);
        EXPECT_EQ(found->rows.size(), row.rows) << row.path;
        for (const auto& setting : found->rows) EXPECT_TRUE(setting.path.starts_with(found->prefix));
    }
    for (const char* none : {"/", "/unheard", "x", "/client/", "/listener/x"})
        EXPECT_EQ(find_config_resource(std::string(resource::config).append(none)), nullptr) << none;
    EXPECT_EQ(find_config_resource("http://schemas.microsoft.com/wbem/wsman/1"), nullptr);
    EXPECT_EQ(find_config_resource(""), nullptr);
}

TEST(ConfigTable, KnowsItsSections) {
    const auto& root = *find_config_resource(resource::config);
    for (const char* path : {"Client", "Client/Auth", "Service/DefaultPorts", "Winrs"})
        EXPECT_TRUE(is_config_section(root, path)) << path;
    for (const char* path : {"Clie", "Client/Auth/Basic", "MaxTimeoutms", "Service/Aut"})
        EXPECT_FALSE(is_config_section(root, path)) << path;
}

TEST(ConfigTable, FaultsAreThoseOfTheProtocol) {
    struct Case {
        std::uint32_t code;
        std::string_view soap, subcode;
    };
    for (const auto& row : {Case{code::policy_controlled, "Receiver", "InternalError"},
                            Case{code::read_only_setting, "Receiver", "InternalError"},
                            Case{code::deprecated_setting, "Receiver", "InternalError"},
                            Case{code::config_corrupted, "Receiver", "InternalError"},
                            Case{code::already_exists, "Sender", "AlreadyExists"},
                            Case{code::schema_validation, "Sender", "SchemaValidationError"},
                            Case{code::invalid_namespace, "Sender", "InvalidRepresentation"}}) {
        const auto fault = make_fault(row.code);
        EXPECT_EQ(fault.soap_code, row.soap) << row.code;
        EXPECT_EQ(fault.subcode, row.subcode) << row.code;
    }
    EXPECT_NE(code_text(code::config_corrupted).find("winrm invoke Restore"), std::string::npos);
}

}  // namespace
}  // namespace mullion::wsman
