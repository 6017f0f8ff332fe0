// Representations as XML, and the messages around them.
#include <algorithm>

#include "core/secret.h"
#include "wsman/config_parts.h"
#include "wsman/transfer.h"
#include "xml/characters.h"

namespace mullion::wsman {

namespace {

// Sections are opened and closed as the paths come; lists repeat theirs.
class ValueWriter {
public:
    ValueWriter(xml::Writer& out, std::string_view prefix, const ConfigResource& resource)
        : out_(out), prefix_(prefix), resource_(resource) {}

    void write(const ConfigValue& value) {
        std::string_view path = value.path;
        if (path.starts_with(resource_.prefix)) path.remove_prefix(resource_.prefix.size());
        const auto slash = path.rfind('/');
        enter(slash == std::string_view::npos ? std::string_view() : path.substr(0, slash));
        open(slash == std::string_view::npos ? path : path.substr(slash + 1));
        if (!value.source.empty()) out_.attribute("Source", value.source);
        if (value.nil) out_.attribute("xsi:nil", "true");
        const auto* row = find_config_row(resource_, value.path);
        if (row == nullptr || row->access != ConfigAccess::secret) out_.text(value.text);
        out_.close();
    }

    void write(const Secret& password) {
        enter({});
        open("Password");
        out_.text(password.expose()).close();
    }

    void end() { enter({}); }

private:
    void open(std::string_view name) { out_.open(std::string(prefix_).append(":").append(name)); }

    void enter(std::string_view path) {
        std::vector<std::string_view> wanted;
        while (!path.empty()) {
            const auto slash = std::min(path.find('/'), path.size());
            wanted.push_back(path.substr(0, slash));
            path.remove_prefix(std::min(slash + 1, path.size()));
        }
        const auto common = static_cast<std::size_t>(
            std::mismatch(open_.begin(), open_.end(), wanted.begin(), wanted.end()).first - open_.begin());
        while (open_.size() > common) {
            out_.close();
            open_.pop_back();
        }
        for (auto at = common; at < wanted.size(); ++at) {
            open(wanted[at]);
            open_.emplace_back(wanted[at]);
        }
    }

    xml::Writer& out_;
    std::string_view prefix_;
    const ConfigResource& resource_;
    std::vector<std::string> open_;
};

void write_document(xml::Writer& out, const ConfigDocument& document, std::string_view prefix) {
    const auto& resource = *document.resource;
    out.open(std::string(prefix).append(":").append(resource.root));
    out.declare(prefix, config_uri(resource));
    if (std::any_of(document.values.begin(), document.values.end(), [](const auto& v) { return v.nil; }))
        out.declare("xsi", xsi_namespace);
    if (!document.language.empty()) out.attribute("xml:lang", document.language);
    if (!document.source.empty()) out.attribute("Source", document.source);
    ValueWriter values(out, prefix, resource);
    for (const auto& value : document.values) values.write(value);
    if (document.password) values.write(*document.password);
    values.end();
    out.close();
}

// What is inside an endpoint reference.
void write_reference(xml::Writer& out, const ConfigTarget& target, std::string_view to) {
    out.element("a:Address", to);
    out.open("a:ReferenceParameters").element("w:ResourceURI", config_uri(*target.resource));
    out.open("w:SelectorSet");
    for (const auto& key : target.keys)
        out.open("w:Selector").attribute("Name", key.name).text(key.value).close();
    out.close().close();
}

std::string standing_alone(const ConfigDocument& document, std::string_view prefix) {
    xml::Writer out;
    write_document(out, document, prefix);
    return out.take();
}

// `body` may have a password in it.
std::string request(const RequestSettings& settings, std::string_view message_id, std::string_view action,
                    const ConfigTarget& target, std::string body = {}) {
    Transfer transfer{std::string(action), config_uri(*target.resource), target.keys};
    transfer.body = std::move(body);
    auto message = write_transfer(settings, message_id, transfer);
    wipe(transfer.body);
    return message;
}

}  // namespace

ConfigDocument new_config_document(const ConfigResource& resource) {
    ConfigDocument document;
    document.resource = &resource;
    if (!resource.path.empty()) document.language = "en-US";
    return document;
}

std::string write_config_answer(std::string_view request_action, std::string_view message_id,
                                std::string_view relates_to, const ConfigDocument& document) {
    return write_transfer_response(message_id, relates_to, request_action, config_item(document));
}

std::string write_config_created(std::string_view message_id, std::string_view relates_to,
                                 const ConfigTarget& target) {
    const auto action = std::string(action::create).append(action::response_suffix);
    return write_response(action, message_id, relates_to, [&](xml::Writer& out) {
        out.open("x:ResourceCreated");
        write_reference(out, target, anonymous);
        out.close();
    });
}

std::string write_config_invoked(std::string_view action, std::string_view message_id,
                                 std::string_view relates_to) {
    const auto slash = action.rfind('/');
    const auto output = "p:" + std::string(action.substr(slash + 1)) + "_OUTPUT";
    const auto answer = std::string(action).append(action::response_suffix);
    return write_response(answer, message_id, relates_to, [&](xml::Writer& out) {
        out.open(output).declare("p", action.substr(0, slash)).close();
    });
}

std::string config_item(const ConfigDocument& document) {
    return standing_alone(document, "cfg");
}

std::string config_reference_item(const ConfigTarget& target, std::string_view to) {
    xml::Writer out;
    out.open("a:EndpointReference").declare("a", ns::addressing).declare("w", ns::wsman);
    write_reference(out, target, to);
    out.close();
    return out.take();
}

std::string config_item_with_reference(const ConfigDocument& document, const ConfigTarget& target,
                                       std::string_view to) {
    xml::Writer out;
    out.open("w:Item").declare("a", ns::addressing).declare("w", ns::wsman);
    write_document(out, document, "cfg");
    out.open("a:EndpointReference");
    write_reference(out, target, to);
    out.close().close();
    return out.take();
}

std::string write_config_get(const RequestSettings& settings, std::string_view message_id,
                             const ConfigTarget& target) {
    return request(settings, message_id, action::get, target);
}

std::string write_config_put(const RequestSettings& settings, std::string_view message_id,
                             const ConfigTarget& target, const ConfigDocument& document) {
    return request(settings, message_id, action::put, target, standing_alone(document, "p"));
}

std::string write_config_create(const RequestSettings& settings, std::string_view message_id,
                                const ConfigTarget& target, const ConfigDocument& document) {
    return request(settings, message_id, action::create, target, standing_alone(document, "p"));
}

std::string write_config_delete(const RequestSettings& settings, std::string_view message_id,
                                const ConfigTarget& target) {
    return request(settings, message_id, action::remove, target);
}

bool is_config_path(std::string_view path) {
    for (bool more = true; more;) {
        const auto slash = path.find('/');
        more = slash != std::string_view::npos;
        if (!xml::is_ncname(path.substr(0, slash))) return false;
        if (more) path.remove_prefix(slash + 1);
    }
    return true;
}

}  // namespace mullion::wsman
