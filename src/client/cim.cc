// The easy way to ask: questions in, outcomes out, each a conversation of the session.
#include "client/cim.h"

#include <future>

#include "client/cim_visit.h"
#include "client/client.h"
#include "client/exchange.h"
#include "wsman/cim/names.h"

namespace mullion::client {
namespace {

using wsman::cim::ClassUri;
using wsman::cim::Target;

// For who has no use for an outcome that is none.
template <class T>
Result<T> value_or_error(std::optional<T> value, CimOutcome outcome) {
    if (outcome.error) return std::move(*outcome.error);
    if (!value) return Error(ErrorId::internal_failure, "an answer without its value");
    return std::move(*value);
}

}  // namespace

Target cim_class(std::string_view name, std::string_view cim_namespace) {
    return {ClassUri{ClassUri::Form::wmi, {}, std::string(cim_namespace), std::string(name)}, {}};
}

Target cim_object(std::string_view class_name, std::vector<wsman::cim::Key> keys,
                  std::string_view cim_namespace) {
    auto target = cim_class(class_name, cim_namespace);
    target.keys = std::move(keys);
    return target;
}

// [MS-WSMV] 3.1.4.8: queries are of all classes.
wsman::cim::Enumeration cim_query(std::string wql, std::string_view cim_namespace) {
    wsman::cim::Enumeration enumeration;
    enumeration.of = cim_class("*", cim_namespace);
    enumeration.filter = wsman::cim::WqlFilter{std::move(wql)};
    return enumeration;
}

// DSP0227 16.1: of all classes of the object's own namespace, which names the object by reference.
wsman::cim::Enumeration cim_associators(const Target& object, wsman::cim::AssociationFilter filter) {
    wsman::cim::Enumeration enumeration;
    enumeration.of.of = object.of;
    enumeration.of.of.class_name = "*";
    if (object.of.form == ClassUri::Form::schema) enumeration.of.of.form = ClassUri::Form::all_classes;
    filter.object.address = wsman::anonymous;
    filter.object.resource_uri = format_class_uri(object.of);
    filter.object.keys.clear();
    if (object.of.form != ClassUri::Form::wmi && !object.of.cim_namespace.empty())
        filter.object.keys.emplace_back(std::string(wsman::cim::namespace_selector), object.of.cim_namespace);
    filter.object.keys.insert(filter.object.keys.end(), object.keys.begin(), object.keys.end());
    enumeration.filter = std::move(filter);
    return enumeration;
}

void Cim::ask_async(CimVisit visit, CimSink* sink, std::function<void(CimOutcome)> done) {
    const auto conversation = std::make_shared<CimConversation>(std::move(visit), sink);
    ExchangeOptions options;
    options.conversation = conversation;
    session_.exchange_async(std::move(options),
                            [conversation, done = std::move(done)](ExchangeOutcome ended) {
                                auto outcome = conversation->take();
                                if (ended.error) {  // It threw: what it had found out is not to be relied on.
                                    outcome.status = ended.status;
                                    outcome.error = std::move(ended.error);
                                    outcome.complete = false;
                                }
                                done(std::move(outcome));
                            });
}

CimOutcome Cim::ask(CimVisit visit, CimSink* sink) {
    std::promise<CimOutcome> promise;
    auto result = promise.get_future();
    ask_async(std::move(visit), sink, [&promise](CimOutcome got) { promise.set_value(std::move(got)); });
    return result.get();
}

CimOutcome Cim::query(std::string wql, CimSink& sink, std::string_view cim_namespace) {
    return ask({cim_query(std::move(wql), cim_namespace)}, &sink);
}

CimOutcome Cim::enumerate(const Target& of_class, CimSink& sink) {
    wsman::cim::Enumeration enumeration;
    enumeration.of = of_class;
    return ask({std::move(enumeration)}, &sink);
}

CimOutcome Cim::associators(const Target& object, CimSink& sink, wsman::cim::AssociationFilter filter) {
    return ask({cim_associators(object, std::move(filter))}, &sink);
}

Result<wsman::cim::Instance> Cim::get(const Target& object) {
    auto outcome = ask({CimGet{object}});
    auto found = std::move(outcome.instance);
    return value_or_error(std::move(found), std::move(outcome));
}

CimOutcome Cim::set(const Target& object, CimProperties properties) {
    return ask({CimSet{object, std::move(properties)}});
}

CimOutcome Cim::create(const Target& of_class, CimProperties properties) {
    return ask({CimCreate{of_class, std::move(properties)}});
}

CimOutcome Cim::remove(const Target& object) {
    return ask({CimRemove{object}});
}

Result<wsman::cim::MethodResult> Cim::invoke(const Target& of, std::string method, CimProperties arguments) {
    auto outcome = ask({CimInvoke{of, std::move(method), std::move(arguments)}});
    auto found = std::move(outcome.method);
    return value_or_error(std::move(found), std::move(outcome));
}

}  // namespace mullion::client
