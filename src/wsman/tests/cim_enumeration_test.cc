#include "wsman/cim/enumeration.h"

#include <filesystem>
#include <set>

#include "source_dir/source_dir.h"
#include "wsman/cim/instance.h"
#include "wsman/cim/names.h"
#include "wsman/fault.h"
#include "wsman/tests/batch_both.h"
#include "wsman/tests/data.h"

namespace mullion::wsman::cim {
namespace {

using testing::message_id;
using testing::message_of;
using testing::other_id;
using testing::read_data;
using testing::settings;

constexpr char service_uri[] = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service";
constexpr char every_uri[] = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/*";
constexpr char schema_uri[] = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_Process";

const xml::Limits limits = wire_limits(1024 * 1024);

both::Seen seen_in(const std::string& text, std::string_view action) {
    both::Seen seen;
    both::read_stream(text, action, limits, seen);
    return seen;
}

Target target_of(std::string_view uri, std::vector<Key> keys = {}) {
    return {parse_class_uri(uri).value(), std::move(keys)};
}

Reference service_reference() {
    return {std::string(anonymous), service_uri, {{"Name", "W32Time", {}}}};
}

TEST(CimEnumeration, GoesThereAndBack) {
    std::vector<Enumeration> all;
    all.push_back({target_of(service_uri)});
    all.push_back(
        {target_of(service_uri), Mode::reference, Polymorphism::exclude, {}, false, 7, Duration(60'000)});
    all.push_back({target_of(service_uri), Mode::object_and_reference, Polymorphism::none});
    all.push_back({target_of(service_uri), Mode::object, Polymorphism::include,
                   SelectorFilter{{{"Name", "a & b"}, {"State", ""}}}});
    all.push_back({target_of(every_uri),
                   Mode::object,
                   {},
                   WqlFilter{"select Name from Win32_Service where Name < 'b'"}});
    all.push_back({target_of(every_uri),
                   Mode::object,
                   {},
                   AssociationFilter{false,
                                     service_reference(),
                                     "Win32_DependentService",
                                     "Antecedent",
                                     "Win32_BaseService",
                                     "Dependent",
                                     {"Name", "State"}}});
    all.push_back(
        {target_of(every_uri),
         Mode::reference,
         {},
         AssociationFilter{true, service_reference(), "", "Antecedent", "Win32_DependentService", "", {}}});
    auto schema = target_of(schema_uri);
    schema.of.cim_namespace = "root/cimv2";
    all.push_back({schema});
    for (const auto& one : all) {
        const auto text = write_enumeration(settings(), message_id, one);
        const auto read = read_enumeration(message_of(text));
        ASSERT_TRUE(read.ok()) << text << read.error().detail;
        EXPECT_TRUE(read.value() == one) << text;
    }
}

TEST(CimEnumeration, TakesTheAssociationDialectInEitherCase) {
    const auto inside = filter_xml(AssociationFilter{false, service_reference()});
    for (const std::string_view name : {association_dialect, dialect::association}) {
        Enumerate enumerate;
        enumerate.has_filter = true;
        enumerate.filter_dialect = name;
        enumerate.filter_xml = inside;
        EXPECT_TRUE(
            read_enumeration(message_of(write_enumerate(settings(), message_id, every_uri, {}, enumerate)))
                .ok());
    }
}

std::uint32_t code_for(std::string_view uri, const std::string& body,
                       const std::vector<Selector>& selectors = {}) {
    const RequestHead head{action::enumerate, uri, message_id, selectors, {}};
    const auto read = read_enumeration(message_of(write_request(settings(), head, [&](xml::Writer& out) {
        out.open("n:Enumerate").declare("b", ns::binding).raw(body).close();
    })));
    if (read.ok()) return 0;
    EXPECT_EQ(read.error().id, ErrorId::wsman_malformed);
    EXPECT_FALSE(read.error().detail.empty());
    return read.error().wsman_code.value_or(0);
}

std::string filter(std::string_view dialect, const std::string& inside) {
    return "<w:Filter Dialect=\"" + std::string(dialect) + "\">" + inside + "</w:Filter>";
}

TEST(CimEnumeration, RefusesEachWrongFieldWithItsFault) {
    const auto wql = filter(dialect::wql, "select * from Win32_Service");
    const auto selectors = [](const std::string& inside) {
        return filter(dialect::selector, "<w:SelectorSet>" + inside + "</w:SelectorSet>");
    };
    const std::string name = "<w:Selector Name=\"Name\">x</w:Selector>";
    const auto associated = [](const std::string& inside) {
        return filter(association_dialect, "<b:AssociatedInstances>" + inside + "</b:AssociatedInstances>");
    };
    const auto associations = [](const std::string& inside) {
        return filter(association_dialect, "<b:AssociationInstances>" + inside + "</b:AssociationInstances>");
    };
    const std::string object =
        "<b:Object><a:ReferenceParameters><w:ResourceURI>urn:x</w:ResourceURI></a:ReferenceParameters></"
        "b:Object>";
    struct Row {
        std::string_view uri;
        std::string body;
        std::uint32_t code;
        std::vector<Selector> selectors = {};
    };
    const std::vector<Row> rows{
        {service_uri, "", 0},
        {service_uri, "<w:EnumerationMode>EnumerateNothing</w:EnumerationMode>", code::enumeration_mode},
        {service_uri, "<w:EnumerationMode>enumerateepr</w:EnumerationMode>", code::enumeration_mode},
        {service_uri, "<b:PolymorphismMode>All</b:PolymorphismMode>", code::polymorphism},
        {service_uri, "<w:MaxElements>0</w:MaxElements>", wsman::code::schema_validation},
        {service_uri, "<n:EndTo/>", wsman::code::addressing_mode},
        {service_uri, "<n:Expires>PT10M</n:Expires>", 0},
        {service_uri, "<n:Expires>2026-01-01T12:00:00Z</n:Expires>", code::expiration_type},
        {service_uri, "<n:Expires>soon</n:Expires>", code::invalid_expiration},
        {service_uri, "<n:Expires>PT0S</n:Expires>", code::invalid_expiration},
        {service_uri, "", wsman::code::unexpected_selectors, {{"Name", "x"}}},
        {every_uri, "", code::filtering_required},
        {"http://schemas.microsoft.com/wbem/wsman/1/config", "", wsman::code::resource_not_found},
        {every_uri, wql, 0},
        {"http://schemas.dmtf.org/wbem/wscim/1/*", wql, 0, {{"__cimnamespace", "root/cimv2"}}},
        {service_uri, wql, code::class_for_query},
        {every_uri, wql, code::class_for_query, {{"Name", "x"}}},
        {every_uri, wql + "<b:PolymorphismMode>None</b:PolymorphismMode>", code::polymorphism},
        {every_uri, wql + "<n:Filter Dialect=\"x\"/>", code::cannot_process_filter},
        {every_uri, filter(dialect::wql, " "), code::cannot_process_filter},
        {every_uri, filter(dialect::wql, "<a:To/>"), code::cannot_process_filter},
        {every_uri, filter(dialect::wql, std::string(longest_query + 1, 'x')), code::cannot_process_filter},
        {service_uri, filter(dialect::xpath, "x"), code::filter_dialect},
        {service_uri, filter("urn:nothing", "x"), code::filter_dialect},
        {service_uri, "<w:Filter>x</w:Filter>", code::filter_dialect},
        {service_uri, selectors(name), 0},
        {every_uri, selectors(name), code::cannot_process_filter},
        {service_uri, selectors(""), code::cannot_process_filter},
        {service_uri, filter(dialect::selector, ""), code::cannot_process_filter},
        {service_uri, filter(dialect::selector, "<w:SelectorSet/><w:SelectorSet/>"),
         code::cannot_process_filter},
        {service_uri, selectors(name + "<w:Selector Name=\"name\">y</w:Selector>"),
         code::cannot_process_filter},
        {service_uri, selectors("<w:Selector>x</w:Selector>"), code::cannot_process_filter},
        {service_uri, selectors("<w:Selector Name=\"a b\">x</w:Selector>"), code::cannot_process_filter},
        {service_uri, selectors("<w:Selector Name=\"A\">it's</w:Selector>"), code::cannot_process_filter},
        {service_uri, selectors("<w:Selector Name=\"A\">&quot;</w:Selector>"), code::cannot_process_filter},
        {service_uri, selectors("<w:Selector Name=\"A\"><a:EndpointReference/></w:Selector>"),
         code::cannot_process_filter},
        {every_uri, associated(object), 0},
        {every_uri, associations(object + "<b:Role>Antecedent</b:Role>"), 0},
        {service_uri, associated(object), code::cannot_process_filter},
        {every_uri, filter(association_dialect, ""), code::cannot_process_filter},
        {every_uri, filter(association_dialect, "<b:Associated/>"), code::cannot_process_filter},
        {every_uri, associated(""), code::cannot_process_filter},
        {every_uri, associated("<b:Object/>"), code::cannot_process_filter},
        {every_uri, associated(object + object), code::cannot_process_filter},
        {every_uri, associated(object + "<b:Role>a b</b:Role>"), code::cannot_process_filter},
        {every_uri, associated(object + "<b:Role/>"), code::cannot_process_filter},
        {every_uri, associated(object + "<b:Role>A</b:Role><b:Role>A</b:Role>"), code::cannot_process_filter},
        {every_uri, associated(object + "<b:Nothing>A</b:Nothing>"), code::cannot_process_filter},
        {every_uri, associated(object + "<w:Role>A</w:Role>"), code::cannot_process_filter},
        {every_uri, associations(object + "<b:ResultRole>A</b:ResultRole>"), code::cannot_process_filter},
        {every_uri, associations(object + "<b:AssociationClassName>A</b:AssociationClassName>"),
         code::cannot_process_filter},
    };
    for (const auto& row : rows)
        EXPECT_EQ(code_for(row.uri, row.body, row.selectors), row.code) << row.uri << row.body;
    // Each of them is a code of the table, so that the fault is the table's.
    for (const auto& row : rows)
        if (row.code != 0) {
            EXPECT_FALSE(code_name(row.code).empty()) << row.code;
        }
}

TEST(CimPull, RepeatsWhatItIsAbout) {
    auto target = target_of(schema_uri);
    target.of.cim_namespace = "root/cimv2";
    const auto pull = message_of(write_pull(settings(), message_id, target, {"uuid:1", 20}));
    EXPECT_EQ(read_target(pull).value(), target);
    EXPECT_EQ(read_pull(pull).value().context, "uuid:1");
    EXPECT_EQ(read_pull(pull).value().max_elements, 20U);
    const auto release = message_of(write_release(settings(), message_id, target, "uuid:1"));
    EXPECT_EQ(read_target(release).value(), target);
    EXPECT_EQ(read_release(release).value(), "uuid:1");
}

TEST(CimBatch, ReadsRecordedAnswersAndWritesThemAgain) {
    struct Row {
        const char* name;
        std::string_view action;
        std::size_t items;
        bool end;
    };
    for (const auto& row : {
             Row{"enum-response", action::enumerate, 0, false},
             Row{"optimized-enum-response", action::enumerate, 1, true},
             Row{"optimized-enum-response-with-fragments-1", action::enumerate, 1, false},
             Row{"optimized-enum-response-with-fragments-2", action::pull, 3, true},
             Row{"pull-response", action::pull, 1, true},
             Row{"recursive-pull-response-1", action::pull, 1, false},
             Row{"recursive-pull-response-2", action::pull, 1, true},
         }) {
        const auto recorded = seen_in(read_data(std::string("opennms/") + row.name), row.action);
        EXPECT_EQ(recorded.failure, "") << row.name;
        EXPECT_EQ(recorded.end, row.end) << row.name;
        EXPECT_EQ(recorded.rows.size(), row.items) << row.name;
        Batch batch{recorded.context, {}, recorded.end};
        for (const auto& item : recorded.rows) {
            ASSERT_EQ(item.object.size(), 1U) << row.name;
            batch.items.push_back(instance_item(item.object.front()).value());
        }
        const auto written =
            seen_in(row.action == action::pull ? write_pull_response(other_id, message_id, batch)
                                               : write_enumerate_response(other_id, message_id, batch),
                    row.action);
        EXPECT_EQ(written.failure, "") << row.name;
        EXPECT_EQ(written.context, recorded.context) << row.name;
        EXPECT_EQ(written.end, recorded.end) << row.name;
        EXPECT_EQ(written.rows, recorded.rows) << row.name;
    }
}

// A recording that comes in has to be looked at by some test: as a batch above, as an instance
// (cim_instance_test), as a fault (fault_test), or as Identify's answer (envelope_test).
TEST(CimBatch, NoRecordingIsLeftOut) {
    std::set<std::string> names;
    for (const auto& file :
         std::filesystem::directory_iterator(source_dir() + "/src/wsman/tests/data/opennms"))
        if (file.path().extension() == ".xml") names.insert(file.path().stem());
    EXPECT_EQ(names, (std::set<std::string>{"enum-response", "get-response", "get-response-fault",
                                            "identify-response", "optimized-enum-response",
                                            "optimized-enum-response-with-fragments-1",
                                            "optimized-enum-response-with-fragments-2", "pull-response",
                                            "recursive-pull-response-1", "recursive-pull-response-2"}));
}

TEST(CimBatch, HasReferencesBesideObjects) {
    Instance instance{"Win32_Service", service_uri, "Win32_Service_Type", {}};
    instance.set("Name", Value(Scalar(std::string_view("W32Time"))));
    const auto object = instance_item(instance).value();
    const Batch batch{
        "",
        {reference_item(service_reference()), object, object_and_reference_item(object, service_reference())},
        true};
    const auto seen = seen_in(write_pull_response(other_id, message_id, batch), action::pull);
    EXPECT_EQ(seen.failure, "");
    const std::vector<Instance> object_alone{instance};
    const std::vector<Reference> reference_alone{service_reference()};
    EXPECT_EQ(seen.rows, (std::vector<both::Row>{
                             {{}, reference_alone}, {object_alone, {}}, {object_alone, reference_alone}}));
}

TEST(CimBatch, RefusesItemsThatAreNone) {
    for (const char* item :
         {"<w:Item/>", "<w:Item><a:EndpointReference/></w:Item>", "<w:Item><w:X/></w:Item>",
          "<w:Item><w:X/><w:Y/><a:EndpointReference/></w:Item>"}) {
        const auto text = write_pull_response(other_id, message_id, {"", {item}, true});
        auto stream = BatchStream::of(text, action::pull, limits);
        ASSERT_TRUE(stream.ok());
        auto more = stream->next_item();
        while (more && more.value()) more = stream->next_item();
        ASSERT_FALSE(more.ok()) << item;
        EXPECT_EQ(more.error().id, ErrorId::wsman_malformed) << item;
    }
}

}  // namespace
}  // namespace mullion::wsman::cim
