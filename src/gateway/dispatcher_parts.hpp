// What the dispatcher's two files share.
#pragma once
#include <memory>
#include <utility>

#include "dispatcher.hpp"

namespace diamgw::gateway {

/// A request of the network that waits for its client's answer.
struct dispatcher::network_call final : shard_context::timeout {
  network_call(dispatcher& d, request_origin o, diameter::message m, routing::client_key c)
      : owner{d},
        origin{o},
        request{std::move(m)},
        client{c},
        words{d.words_},
        command{words->names->find_command(request.view.application(), request.view.command())},
        waits{d.waiting_} {}

  void on_timeout() override {
    owner.end_call(token, diameter::result_code::unable_to_deliver,
                   "the client did not answer in time");
  }

  dispatcher& owner;
  request_origin origin;
  diameter::message request;
  routing::client_key client;
  std::shared_ptr<const vocabulary> words;
  const dictionary::command_definition* command;  // of `words`; null where they have none
  counted waits;
  time_point began = owner.on_.shard.now();
  hop_by_hop_id token;
};

}  // namespace diamgw::gateway
