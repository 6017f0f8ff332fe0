// Classes of FLEET.yml: what they are read as, and what comes of them on a host.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "simulate/cim_reader.h"

namespace mullion::simulate {
namespace {

constexpr std::string_view disks = R"(cim:
  - class: Win32_LogicalDisk
    properties:
      DeviceID: string key
      Size: uint64
      Free: sint32
      Compressed: boolean
      InstallDate: datetime
      Load: real64
      Owners: string[]
      SystemName: string
    rows:
      - {DeviceID: "C:", Size: 1099511627776, Free: -1, Compressed: true, InstallDate: "20260101120000.000000+060", Load: 0.5,
         Owners: [a, "b{host}"], SystemName: "{host} at {address}, {n}"}
      - {DeviceID: "D:", Size: ~, Owners: []}
    methods:
      Chkdsk: {parameters: {FixErrors: boolean, Found: uint32 out, Where: string out}, returns: 3, outputs: {Found: 7, Where: "{host}"}}
      ScheduleAutoChk: {static: true}
)";

Result<CimTables> read(std::string_view text) {
    const auto root = yaml::read(text);
    if (!root) return root.error();
    const ReadFile files;
    FileReader reader{files};
    return read_cim(reader, root->map.front());
}

class Gather final : public cim::Sink {
public:
    explicit Gather(std::size_t most = SIZE_MAX) : most_(most) {}
    bool put(cim::Instance&& instance) override {
        all.push_back(std::move(instance));
        return all.size() < most_;
    }
    std::vector<cim::Instance> all;

private:
    std::size_t most_;
};

const cim::Provider& provider_of(const CimHost& host, std::string_view name) {
    const auto found = host.registry().find("root\\CIMV2", name);
    return *host.registry().provider(*std::get<const cim::ClassDef*>(found));
}

std::vector<cim::Instance> rows_of(const CimHost& host, std::string_view name, std::size_t most = SIZE_MAX) {
    Gather gather(most);
    EXPECT_FALSE(provider_of(host, name).enumerate({}, {}, gather));
    return std::move(gather.all);
}

cim::Value scalar(cim::Scalar value) {
    return cim::Value(std::move(value));
}

TEST(CimTables, HaveEveryTypeAndFillInNames) {
    const auto tables = read(disks);
    ASSERT_TRUE(tables.ok()) << tables.error().message();
    const CimHost host(*tables, {"web01", "127.1.0.1"});
    const auto rows = rows_of(host, "win32_logicaldisk");
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(*rows[0].find("DeviceID"), scalar(std::string("C:")));
    EXPECT_EQ(*rows[0].find("Size"), scalar(std::uint64_t{1'099'511'627'776}));
    EXPECT_EQ(*rows[0].find("Free"), scalar(std::int64_t{-1}));
    EXPECT_EQ(*rows[0].find("Compressed"), scalar(true));
    EXPECT_EQ(*rows[0].find("InstallDate"), scalar(cim::Moment{1'767'265'200'000'000, 60}));
    EXPECT_EQ(*rows[0].find("Load"), scalar(0.5));
    EXPECT_EQ(*rows[0].find("Owners"), cim::Value(cim::texts({"a", "bweb01"})));
    // {n} is for rows that are made by number.
    EXPECT_EQ(*rows[0].find("SystemName"), scalar(std::string("web01 at 127.1.0.1, {n}")));
    EXPECT_EQ(*rows[1].find("Size"), cim::Value());
    EXPECT_EQ(*rows[1].find("Owners"), cim::Value(cim::Array()));
    EXPECT_EQ(*rows[1].find("SystemName"), cim::Value());
    const CimHost other(*tables, {"web02", "127.1.0.2"});
    EXPECT_EQ(rows_of(other, "Win32_LogicalDisk")[0].text("SystemName"), "web02 at 127.1.0.2, {n}");
}

TEST(CimTables, FindByKeyAndCallMethods) {
    const auto tables = read(disks);
    const CimHost host(*tables, {"web01", ""});
    const auto& provider = provider_of(host, "Win32_LogicalDisk");
    EXPECT_TRUE(provider.get({}, {}, {{"deviceid", "d:"}}).instance);
    EXPECT_FALSE(provider.get({}, {}, {{"DeviceID", "E:"}}).instance);
    EXPECT_EQ(provider.wrong_key({{"Size", "1"}}), "DeviceID");

    const cim::Keys there{{"DeviceID", "C:"}}, gone{{"DeviceID", "E:"}};
    auto outcome = provider.invoke({}, {"chkdsk", &there});
    ASSERT_FALSE(outcome.fault);
    EXPECT_EQ(outcome.return_value, scalar(std::uint64_t{3}));
    ASSERT_EQ(outcome.outputs.size(), 2U);
    EXPECT_EQ(outcome.outputs[0], (std::pair<std::string, cim::Value>("Found", scalar(std::uint64_t{7}))));
    EXPECT_EQ(outcome.outputs[1].second, scalar(std::string("web01")));
    EXPECT_EQ(provider.invoke({}, {"Chkdsk", &gone}).fault->kind, cim::Fault::Kind::no_instance);
    EXPECT_EQ(provider.invoke({}, {"Format", &there}).fault->kind, cim::Fault::Kind::no_method);
    EXPECT_EQ(provider.invoke({}, {"ScheduleAutoChk"}).return_value, scalar(std::uint64_t{0}));
    const auto methods = provider.definition().methods;
    ASSERT_EQ(methods.size(), 2U);
    EXPECT_FALSE(methods[0].is_static);
    EXPECT_TRUE(methods[0].parameters[1].out && !methods[0].parameters[0].out);
    EXPECT_TRUE(methods[1].is_static);
}

TEST(CimTables, MakeRowsByNumberWhenTheyAreAskedFor) {
    const auto tables = read(
        "cim: [{class: Win32_Process, properties: {Handle: string key, Id: uint32, Size: uint64, Same: "
        "uint32}, "
        "generate: {count: 5000000, first: 3, row: {Handle: 'h{n}', Id: '{n}', Size: '{n}000', Same: 1}}}]");
    ASSERT_TRUE(tables.ok()) << tables.error().message();
    const CimHost host(*tables, {"a", "b"});
    const auto rows = rows_of(host, "Win32_Process", 3);
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[2].text("Handle"), "h5");
    EXPECT_EQ(*rows[2].find("Id"), scalar(std::uint64_t{5}));
    EXPECT_EQ(*rows[2].find("Size"), scalar(std::uint64_t{5'000}));
    EXPECT_EQ(*rows[2].find("Same"), scalar(std::uint64_t{1}));
    // What nobody wants is not made.
    Gather gather(1);
    EXPECT_FALSE(provider_of(host, "Win32_Process").enumerate({}, {cim::Wanted({"id"}), {}, {}}, gather));
    EXPECT_EQ(*gather.all[0].find("Handle"), cim::Value());
    EXPECT_EQ(*gather.all[0].find("Id"), scalar(std::uint64_t{3}));
}

TEST(CimTables, SpecialOnesTakeThePlaceOfOthers) {
    const auto general =
        read("cim: [{class: A, properties: {X: string}}, {class: B, properties: {X: string}}]");
    const auto special = read(
        "cim: [{class: a, properties: {Y: string}, rows: [{Y: 1}]}, "
        "{class: B, namespace: 'root\\wmi', properties: {Y: string}}]");
    ASSERT_TRUE(general.ok() && special.ok());
    auto tables = *general;
    add_tables(tables, *special);
    ASSERT_EQ(tables.size(), 3U);
    const CimHost host(tables, {"a", "b"});
    EXPECT_EQ(rows_of(host, "A").at(0).text("Y"), "1");
    EXPECT_TRUE(provider_of(host, "A").definition().singleton);
    EXPECT_TRUE(provider_of(host, "B").shape().find("X"));
    EXPECT_TRUE(std::holds_alternative<const cim::ClassDef*>(host.registry().find("root/wmi", "B")));
    EXPECT_TRUE(std::holds_alternative<cim::Unknown>(host.registry().find("root/cimv2", "C")));
}

std::string many_names(unsigned count) {
    std::string names;
    for (unsigned at = 0; at < count; ++at) names += fmt::format("{}P{}: string", at == 0 ? "" : ", ", at);
    return names;
}

TEST(CimTables, SayWhatIsWrongAndWhere) {
    struct Row {
        std::string text, what;
    };
    const std::string head =
        "cim:\n  - class: C\n    properties: {K: string key, N: uint8, D: datetime, L: 'uint32[]'}\n";
    const std::string method = head + "    methods: {M: {";
    for (const auto& [text, what] : std::vector<Row>{
             {"cim: {}", "line 1: cim is a list"},
             {"cim:\n  - properties: {K: string}", "line 2: a class of cim needs its name: class"},
             {"cim:\n  - class: 'a b'\n    properties: {K: string}", "a class of cim needs its name"},
             {"cim:\n  - class: C", "line 2: a class of cim needs its properties"},
             {"cim: [{class: C, propertys: {}}]",
              "propertys is not a key of a class of cim; did you mean properties?"},
             {"cim: [{class: C, properties: {K: text}}]", "K: \"text\" is no type: boolean"},
             {"cim: [{class: C, properties: {K: reference}}]", "is no type"},
             {"cim: [{class: C, properties: {'1': string}}]", "\"1\" is no name of a property"},
             {"cim: [{class: C, properties: {K: 'string[] key'}}]", "no array is a key"},
             {"cim: [{class: C, properties: {K: string, k: string}}]", "C has two properties k"},
             {"cim: [{class: C, properties: {K: string}}, {class: c, properties: {K: string}}]",
              "c is there twice"},
             {"cim: [{class: C, properties: {K: string}, rows: [{K: 1}, {K: 2}]}]",
              "C has no key, and so one row at most"},
             {head + "    rows:\n      - {N: 1}", "line 5: a row of C needs its key K"},
             {head + "    rows:\n      - {K: a, M: 1}", "line 5: M is not a property of C; did you mean"},
             {head + "    rows:\n      - {K: a, N: 256}", "line 5: N: \"256\" is no uint8"},
             {head + "    rows:\n      - {K: a, N: -1}", "N: \"-1\" is no uint8"},
             {head + "    rows:\n      - {K: a, N: '{host}'}", "N: \"{host}\" is no uint8"},
             {head + "    rows:\n      - {K: a, N: '{n}'}", "N: \"{n}\" is no uint8"},
             {head + "    rows:\n      - {K: a, D: yesterday}", "D: \"yesterday\" is no datetime"},
             {head + "    rows:\n      - {K: a, N: 1, n: 2}", "line 5: n is given twice"},
             {head + "    rows:\n      - {K: a}\n      - {K: b}\n      - {K: A}",
              "line 7: two rows of C have the same key"},
             {head + "    generate: {count: 2, row: {K: a, L: ['{n}']}}", "rows of C need {n} in a key"},
             {method + "parameters: {A: uint32, a: uint32}}}", "two parameters a"},
             {method + "parameters: {A: uint32 out}, outputs: {A: 1, a: 2}}}", "a is given twice"},
             {"cim: [{class: C, properties: {" + many_names(501) + "}}]", "over 500 properties"},
             {head + "    rows:\n      - {K: [a]}", "K takes one value"},
             {head + "    rows:\n      - {K: a, L: [1, [2]]}", "L takes a list of single values"},
             {head + "    generate: {row: {K: a}}", "line 4: generate needs a count and a row"},
             {head + "    generate: {count: 0, row: {K: a}}", "count is a number from 1 to 10000000"},
             {head + "    generate: {count: 256, row: {K: '{n}', N: '{n}'}}",
              "N: \"{n}\" is no uint8 where n is 256"},
             {method + "returns: x}}", "returns: \"x\" is no uint32"},
             {method + "outputs: {A: 1}}}", "A is not a parameter that goes out"},
             {method + "parameters: {A: uint32}, outputs: {A: 1}}}", "A is not a parameter that goes out"},
             {method + "parameters: {A: number}}}", "A: \"number\" is no type"},
             {head + "    methods: {M: {}, m: {}}", "two methods m"},
         }) {
        const auto tables = read(text);
        ASSERT_FALSE(tables.ok()) << text;
        EXPECT_NE(tables.error().detail.find(what), std::string::npos) << text << '\n'
                                                                       << tables.error().detail;
    }
}

// Of any part of a file comes an error or a table; nothing of it crashes.
TEST(CimTables, EveryTruncationIsReadOrRefused) {
    std::size_t whole = 0;
    for (std::size_t length = 0; length <= disks.size(); ++length) {
        const auto root = yaml::read(disks.substr(0, length));
        if (!root.ok() || root->map.empty()) continue;
        const ReadFile files;
        FileReader reader{files};
        whole += read_cim(reader, root->map.front()).ok();
    }
    EXPECT_GT(whole, 0U);
}

}  // namespace
}  // namespace mullion::simulate
