#include "client/in_doubt.h"

namespace mullion::client {

std::string in_words(const Error& error) {
    const std::string text(error.info().text);
    return error.detail.empty() ? text : text + ": " + error.detail;
}

Error in_doubt(Error why) {
    switch (why.id) {
        case ErrorId::run_interrupted:
            break;
        case ErrorId::run_timeout:
        case ErrorId::wsman_timeout:
            why.advice.insert(why.advice.begin(),
                              "It may have been done: look on the host before you run it again.");
            break;
        default:
            why.detail = in_words(why);
            why.id = ErrorId::run_unknown;
            why.advice.clear();
    }
    why.detail += why.detail.empty() ? "it may have been done" : "; it may have been done";
    return why;
}

}  // namespace mullion::client
