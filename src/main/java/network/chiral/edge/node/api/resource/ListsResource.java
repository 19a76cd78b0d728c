// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.resource;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.List;
import network.chiral.edge.node.access.AccessFiles;
import network.chiral.edge.node.access.AccessFiles.ListView;
import network.chiral.edge.node.api.Answer;
import network.chiral.edge.node.api.Resource;
import network.chiral.edge.node.api.Route;
import network.chiral.edge.node.reload.FileReloader;

/// Allow and deny lists, and the mounted files that they and others come from.
@Singleton
class ListsResource implements Resource {
    private final AccessFiles lists;
    private final FileReloader files;

    ListsResource(AccessFiles lists, FileReloader files) {
        this.lists = lists;
        this.files = files;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/lists", _ -> Answer.ok(json())),
                Route.post(
                        "/lists/reload",
                        _ -> {
                            files.lookNow();
                            return Answer.ok(json());
                        }));
    }

    private JsonObject json() {
        var watched = new JsonArray();
        for (var file : files.views()) {
            watched.add(
                    new JsonObject()
                            .put("key", file.key())
                            .put("path", file.path())
                            .put("good", file.fault().isEmpty())
                            .put("fault", file.fault().orElse(null)));
        }
        return new JsonObject()
                .put("allow", view(lists.allowed()))
                .put("deny", view(lists.denied()))
                .put("files", watched);
    }

    private static JsonObject view(ListView list) {
        return new JsonObject()
                .put("peers", list.peers())
                .put("prefixes", list.prefixes())
                .put("uses", new JsonArray(list.uses()));
    }
}
