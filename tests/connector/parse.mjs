// Reads an API description on standard input and says on standard output what is wrong with it.
import { text } from "node:stream/consumers";
import SwaggerParser from "@apidevtools/swagger-parser";

try {
  await SwaggerParser.validate(JSON.parse(await text(process.stdin)));
} catch (error) {
  console.log(error.message);
}
