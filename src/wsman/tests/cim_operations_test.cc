#include "wsman/cim/operations.h"

#include <array>

#include "wsman/cim/names.h"
#include "wsman/fault.h"
#include "wsman/tests/data.h"

namespace mullion::wsman::cim {
namespace {

using testing::data_message;
using testing::message_id;
using testing::message_of;
using testing::other_id;
using testing::settings;

constexpr char service_uri[] = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service";
constexpr char schema_uri[] = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_Process";

Target target_of(std::string_view uri, std::vector<Key> keys = {}) {
    return {parse_class_uri(uri).value(), std::move(keys)};
}

Target w32time() {
    return target_of(service_uri, {{"Name", "W32Time"}});
}

Instance service(std::string_view mode) {
    Instance instance{"Win32_Service", service_uri, "", {}};
    instance.set("Name", Value(Scalar(std::string_view("W32Time")))).set("StartMode", Value(Scalar(mode)));
    return instance;
}

TEST(CimOperations, GoThereAndBack) {
    for (const auto& [text, name] :
         {std::pair{write_get(settings(), message_id, w32time()), action::get},
          std::pair{write_delete(settings(), message_id, w32time()), action::remove}}) {
        const auto message = message_of(text);
        EXPECT_EQ(message.header.action, name);
        EXPECT_FALSE(message.body);
        EXPECT_EQ(read_target(message).value(), w32time());
    }
    auto schema = target_of(schema_uri, {{"Handle", "1"}});
    schema.of.cim_namespace = "root/cimv2";
    EXPECT_EQ(read_target(message_of(write_get(settings(), message_id, schema))).value(), schema);
    const auto manual = service("Manual");
    for (const auto& [text, name] :
         {std::pair{write_put(settings(), message_id, w32time(), manual).value(), action::put},
          std::pair{write_create(settings(), message_id, w32time(), manual).value(), action::create}}) {
        const auto message = message_of(text);
        EXPECT_EQ(message.header.action, name);
        EXPECT_EQ(read_body_instance(message, read_target(message).value()).value(), manual);
    }
    auto wrong = manual;
    wrong.properties[0].name = "a b";
    EXPECT_FALSE(write_put(settings(), message_id, w32time(), wrong).ok());
}

TEST(CimOperations, AnswersGoThereAndBack) {
    const auto manual = service("Manual");
    for (const auto request : {action::get, action::put}) {
        const auto message =
            message_of(write_object_response(request, other_id, message_id, instance_item(manual).value()));
        EXPECT_EQ(read_object_response(message, request).value(), manual);
        EXPECT_FALSE(read_object_response(message, action::create).ok());
        EXPECT_FALSE(read_object_response(
                         message_of(write_object_response(request, other_id, message_id, "")), request)
                         .ok());
    }
    const Reference created{std::string(anonymous), service_uri, {{"Name", "W32Time", {}}}};
    EXPECT_EQ(
        read_created_response(message_of(write_created_response(other_id, message_id, created))).value(),
        created);
    EXPECT_FALSE(
        read_created_response(message_of(write_object_response(action::create, other_id, message_id, "")))
            .ok());
    EXPECT_EQ(read_object_response(data_message("opennms/get-response"), action::get).value().class_name,
              "DCIM_ComputerSystem");
    const auto fault = write_fault(other_id, message_id, "host", make_fault(wsman::code::resource_not_found));
    EXPECT_EQ(read_object_response(message_of(fault), action::get).error().wsman_code,
              wsman::code::resource_not_found);
    EXPECT_EQ(read_object_response(data_message("made/cim_get_response"), action::get).value().class_name,
              "Win32_Sample");
}

TEST(CimOperations, RefuseBodiesOfOtherClasses) {
    const auto code_for = [](const std::string& body) {
        const RequestHead head{action::put, service_uri, message_id, {}, {}};
        const auto message =
            message_of(write_request(settings(), head, [&](xml::Writer& out) { out.raw(body); }));
        const auto read = read_body_instance(message, w32time(), {.properties = 2});
        return read.ok() ? 0 : read.error().wsman_code.value_or(0);
    };
    const std::string uri = service_uri;
    EXPECT_EQ(code_for("<q:win32_service xmlns:q=\"" + uri + "\"><q:Name>a</q:Name></q:win32_service>"), 0U);
    EXPECT_EQ(code_for(""), code::missing_values);
    EXPECT_EQ(code_for("<Win32_Service/>"), code::invalid_namespace);
    EXPECT_EQ(code_for("<q:Win32_Process xmlns:q=\"" + uri + "\"/>"), code::invalid_namespace);
    EXPECT_EQ(code_for("<q:Win32_Service xmlns:q=\"urn:x\"/>"), code::invalid_namespace);
    EXPECT_EQ(
        code_for("<q:Win32_Service "
                 "xmlns:q=\"http://schemas.microsoft.com/wbem/wsman/1/wmi/root/other/Win32_Service\"/>"),
        code::invalid_namespace);
    EXPECT_EQ(code_for("<q:Win32_Service xmlns:q=\"" + uri + "\"><q:A/><q:B/><q:C/></q:Win32_Service>"),
              wsman::code::schema_validation);
}

TEST(CimOperations, HaveTheKeysOfTheClass) {
    const auto code_for = [](const std::vector<Key>& given, const std::vector<std::string>& keys,
                             std::string_view uri = service_uri) {
        const auto checked = check_keys(target_of(uri, given), keys);
        return checked.ok() ? 0 : checked.error().wsman_code.value_or(0);
    };
    EXPECT_EQ(code_for({{"name", "x"}}, {"Name"}), 0U);
    EXPECT_EQ(code_for({}, {}), 0U);  // A singleton.
    EXPECT_EQ(code_for({}, {"Name"}), code::keys_missing);
    EXPECT_EQ(code_for({{"Name", "x"}}, {"Name", "System"}), wsman::code::insufficient_selectors);
    EXPECT_EQ(code_for({{"Name", "x"}, {"State", "y"}}, {"Name"}), wsman::code::unexpected_selectors);
    EXPECT_EQ(code_for({{"Name", "x"}}, {}), wsman::code::unexpected_selectors);
    EXPECT_EQ(code_for({}, {}, "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/*"),
              wsman::code::resource_not_found);
}

TEST(CimMethod, GoesThereAndBack) {
    Method method{w32time(), "ChangeStartMode", {}};
    method.arguments.set("StartMode", Value(Scalar(std::string_view("Manual"))));
    const auto message = message_of(write_method(settings(), message_id, method).value());
    EXPECT_EQ(message.header.action, std::string(service_uri) + "/ChangeStartMode");
    EXPECT_TRUE(message.body.is(service_uri, "ChangeStartMode_INPUT"));
    EXPECT_EQ(read_method(message).value(), method);
    auto schema = target_of(schema_uri);
    schema.of.cim_namespace = "root/cimv2";
    const Method bare{schema, "Terminate", {}};
    EXPECT_EQ(read_method(message_of(write_method(settings(), message_id, bare).value())).value(), bare);
    EXPECT_FALSE(write_method(settings(), message_id, {w32time(), "a b", {}}).ok());
    EXPECT_FALSE(write_method(settings(), message_id, {w32time(), "", {}}).ok());
}

TEST(CimMethod, AnswersGoThereAndBack) {
    MethodResult result{service_uri, "Create", {}, Value(Scalar(std::uint64_t{0}))};
    result.outputs.set("ProcessId", Value(Scalar(std::uint64_t{4711})));
    const auto message = message_of(write_method_response(other_id, message_id, result).value());
    EXPECT_EQ(message.header.action, std::string(service_uri) + "/CreateResponse");
    EXPECT_TRUE(message.body.is(service_uri, "Create_OUTPUT"));
    const auto read = read_method_response(message, target_of(service_uri), "Create");
    ASSERT_TRUE(read.ok()) << read.error().detail;
    EXPECT_EQ(read.value(), result);
    EXPECT_EQ(std::get<std::uint64_t>(read.value().return_value.as(Type::uint32).value()), 0U);
    EXPECT_FALSE(read_method_response(message, target_of(service_uri), "Delete").ok());
    EXPECT_FALSE(read_method_response(message, target_of(schema_uri), "Create").ok());
    const MethodResult nothing{service_uri, "Create"};
    EXPECT_EQ(read_method_response(message_of(write_method_response(other_id, message_id, nothing).value()),
                                   target_of(service_uri), "Create")
                  .value(),
              nothing);
    auto twice = nothing;
    twice.outputs.set("ReturnValue", std::vector<Value>(2));
    EXPECT_FALSE(read_method_response(message_of(write_method_response(other_id, message_id, twice).value()),
                                      target_of(service_uri), "Create")
                     .ok());
}

TEST(CimMethod, RefusesEachWrongFieldWithItsFault) {
    const auto code_for = [](std::string_view uri, const std::string& request_action,
                             const std::string& body) {
        const RequestHead head{request_action, uri, message_id, {}, {}};
        const auto read = read_method(
            message_of(write_request(settings(), head, [&](xml::Writer& out) { out.raw(body); })));
        return read.ok() ? 0 : read.error().wsman_code.value_or(0);
    };
    const std::string uri = service_uri;
    const auto input = [&](const std::string& name, const std::string& space) {
        return "<q:" + name + " xmlns:q=\"" + space + "\"/>";
    };
    EXPECT_EQ(code_for(uri, uri + "/StartService", input("StartService_INPUT", uri)), 0U);
    EXPECT_EQ(code_for(uri, uri + "/StartService", "<StartService_INPUT/>"), 0U);
    EXPECT_EQ(code_for(uri, uri + "/StartService", ""), 0U);
    EXPECT_EQ(code_for(uri, uri + "/StartService", input("StartService", uri)),
              wsman::code::schema_validation);
    EXPECT_EQ(code_for(uri, uri + "/StartService", input("StartService_INPUT", "urn:x")),
              wsman::code::schema_validation);
    for (const std::string& wrong :
         {std::string("urn:x/StartService"), uri + "/", uri, uri + "StartService", uri + "/Start Service"})
        EXPECT_EQ(code_for(uri, wrong, ""), wsman::code::action_not_supported) << wrong;
    const std::string all = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/*";
    EXPECT_EQ(code_for(all, all + "/StartService", ""), wsman::code::resource_not_found);
}

}  // namespace
}  // namespace mullion::wsman::cim
