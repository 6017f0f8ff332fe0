#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "cim/registry.h"
#include "cim/tests/made_up.h"
#include "wql/fold.h"

namespace mullion::cim {
namespace {

const ClassDef* found(std::string_view space, std::string_view name) {
    const auto answer = Registry::standard().find(space, name);
    const auto* definition = std::get_if<const ClassDef*>(&answer);
    return definition ? *definition : nullptr;
}

TEST(Registry, FindsInAnyCase) {
    const auto* definition = found("ROOT\\cimv2", "win32_PROCESS");
    ASSERT_NE(definition, nullptr);
    EXPECT_EQ(definition->name, "Win32_Process");
    EXPECT_NE(Registry::standard().provider(*definition), nullptr);
}

TEST(Registry, SaysWhatIsUnknown) {
    const auto space = std::get<Unknown>(Registry::standard().find("root/other", "Win32_Process"));
    EXPECT_EQ(space.what, Unknown::What::cim_namespace);
    const auto name = std::get<Unknown>(Registry::standard().find("root/cimv2", "Win32_Proces"));
    EXPECT_EQ(name.what, Unknown::What::class_name);
    EXPECT_EQ(name.text(), "there is no class Win32_Proces here; there is Win32_Process");
    (void)Registry::standard().find("root/cimv2", std::string(1 << 20, 'x'));
}

TEST(Registry, AbstractClassesHaveSubclassesOnly) {
    const auto* device = found("root/cimv2", "CIM_LogicalDevice");
    ASSERT_NE(device, nullptr);
    EXPECT_TRUE(device->abstract);
    EXPECT_EQ(Registry::standard().provider(*device), nullptr);
    std::set<std::string_view> names;
    for (const auto* provider : Registry::standard().derived(*device))
        names.insert(provider->definition().name);
    EXPECT_TRUE(names.contains("Win32_Processor") && names.contains("Win32_Volume"));
    EXPECT_FALSE(names.contains("Win32_Process"));
    EXPECT_TRUE(is_a(*found("root/cimv2", "Win32_Volume"), "cim_logicalELEMENT"));
}

TEST(Registry, BasesStandBeforeWhatStandsOnThem) {
    const auto classes = Registry::standard().classes();
    for (const auto* definition : classes) {
        const auto at = std::find(classes.begin(), classes.end(), definition);
        if (definition->base) {
            EXPECT_LT(std::find(classes.begin(), classes.end(), definition->base), at);
        }
    }
}

// What every class must keep to, so that nobody has to look at a table twice.
TEST(Registry, EveryClassIsSound) {
    std::set<std::string_view> names;
    for (const auto* definition : Registry::standard().classes()) {
        EXPECT_TRUE(names.insert(definition->name).second) << definition->name;
        const Shape shape(*definition);
        bool keyed = false;
        for (const auto& entry : shape.entries()) {
            keyed = keyed || entry.property->key;
            EXPECT_FALSE(entry.property->key && entry.property->array) << definition->name;
        }
        if (!definition->abstract) {
            EXPECT_NE(keyed, definition->singleton) << definition->name;
        }
        EXPECT_TRUE(std::is_sorted(shape.entries().begin(), shape.entries().end(), [](auto& a, auto& b) {
            return wql::compare_text(a.property->name, b.property->name) < 0;
        }));
    }
}

// Each is asked for all it has on this machine; instance.h throws where a name or a type is not its class's.
TEST(Registry, EveryProviderAnswersOnThisMachineWithItsKeys) {
    const auto machine = this_machine();
    for (const auto* definition : Registry::standard().classes()) {
        const auto* provider = Registry::standard().provider(*definition);
        if (!provider) continue;
        Gathered gathered;
        const auto fault = provider->enumerate(machine, {}, gathered);
        // Containers have no systemd and no journal, kernels may be without IPv6: the class says so.
        const std::set<std::string_view> may_be_away = {"Win32_NTLogEvent", "Win32_Service",
                                                        "Win32_PerfRawData_Tcpip_TCPv6",
                                                        "Win32_PerfRawData_Tcpip_UDPv6"};
        if (fault && !(may_be_away.contains(definition->name) && fault->kind == Fault::Kind::unreadable)) {
            EXPECT_EQ(fault->kind, Fault::Kind::needs_key) << definition->name << ": " << fault->text();
        }
        std::set<std::string> keys;
        for (const auto& row : gathered.rows) {
            std::string all;
            for (const auto& entry : provider->shape().entries())
                if (entry.property->key) all += text_of(row, entry.property->name) + "\n";
            EXPECT_TRUE(definition->singleton || keys.insert(all).second) << definition->name << " " << all;
            EXPECT_EQ(all.find("(null)"), std::string::npos) << definition->name;
        }
    }
}

TEST(Provider, NamesTheWrongKey) {
    const auto* provider = Registry::standard().provider(*found("root/cimv2", "Win32_Process"));
    EXPECT_EQ(provider->wrong_key({{"HANDLE", "1"}}), std::nullopt);
    EXPECT_EQ(provider->wrong_key({}), "Handle");
    EXPECT_EQ(provider->wrong_key({{"Handle", "1"}, {"Name", "x"}}), "Name");
}

TEST(Provider, HasNoMethodUnlessItsClassHas) {
    const auto* provider = Registry::standard().provider(*found("root/cimv2", "Win32_LogicalDisk"));
    const auto outcome = provider->invoke(this_machine(), {"Chkdsk", nullptr, {}});
    ASSERT_TRUE(outcome.fault);
    EXPECT_EQ(outcome.fault->text(), "this class has no method Chkdsk");
}

TEST(MethodCall, FindsArgumentsInAnyCase) {
    MethodCall call = {"Create", nullptr, {{"commandLINE", Scalar(std::string("ls"))}, {"Other", Value()}}};
    EXPECT_TRUE(call.is("create"));
    EXPECT_EQ(call.text("CommandLine"), "ls");
    EXPECT_EQ(call.argument("other"), nullptr);
    EXPECT_EQ(call.text("None"), std::nullopt);
}

TEST(Question, TheLatestOfSeveralBoundsHolds) {
    const Question question = {{}, {}, {{"TimeGenerated", 5}, {"timegenerated", 9}, {"TimeWritten", 70}}};
    EXPECT_EQ(question.earliest("TIMEGENERATED"), 9);
    EXPECT_EQ(question.earliest("LastModified"), std::nullopt);
}

TEST(Instance, TakesOnlyWhatItsClassHas) {
    const auto* provider = Registry::standard().provider(*found("root/cimv2", "Win32_Process"));
    Instance row(provider->shape());
    EXPECT_THROW(row.set("NoSuch", 1), std::logic_error);
    EXPECT_THROW(row.set("Name", 1), std::logic_error);
    EXPECT_THROW(row.set("ProcessId", "1"), std::logic_error);
    EXPECT_THROW(row.set("ProcessId", true), std::logic_error);
    row.set("ProcessId", 4'294'967'295u)
        .set("ThreadCount", std::uint64_t{4'294'967'296u})
        .set("Name", std::optional<std::string>());
    EXPECT_EQ(number_of(row, "processID"), 4'294'967'295u);
    EXPECT_TRUE(is_null(row, "ThreadCount"));
    EXPECT_TRUE(is_null(row, "Name"));
}

}  // namespace
}  // namespace mullion::cim
